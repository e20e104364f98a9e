import type { Context } from 'hono';
import { DEFAULT_PAGE_SIZE } from '../../contract/paths.ts';
import type { PageLinks, Pagination, TeamListQuery } from '../../contract/teams/schema.ts';

/** Which part of a list, and in which of the two forms it was asked for. */
export interface Page {
  form: 'offset' | 'number';
  offset: number;
  limit: number;
}

type PageParameters = Pick<TeamListQuery, 'page[size]' | 'page[number]' | 'page[limit]' | 'page[offset]'>;

/** The page that a request asks for. A page's size or number asks for the form in numbers. */
export function pageOf(query: PageParameters): Page {
  const { 'page[size]': size, 'page[number]': number } = query;
  if (size === undefined && number === undefined) {
    const limit = query['page[limit]'] ?? DEFAULT_PAGE_SIZE;
    return { form: 'offset', offset: query['page[offset]'] ?? 0, limit };
  }
  const limit = size ?? DEFAULT_PAGE_SIZE;
  return { form: 'number', offset: limit * (number ?? 0), limit };
}

/** The address of a request as others can follow it, whatever stands between them and this server. */
export function publicAddress(c: Context, publicUrl: string): URL {
  const { pathname, search } = new URL(c.req.url);
  return new URL(pathname + search, publicUrl);
}

/**
 * Where a page is in its list, and links to its neighbours.
 *
 * @param address of the request; what else it asks for stays in the links
 * @param total how long the list is
 */
export function paginate(
  address: URL,
  page: Page,
  total: number,
): { meta: { pagination: Pagination }; links: PageLinks } {
  const { offset, limit } = page;
  const prev = offset > 0 ? Math.max(offset - limit, 0) : null;
  const next = offset + limit < total ? offset + limit : null;
  const last = Math.floor(Math.max(total - 1, 0) / limit) * limit;
  return {
    meta: { pagination: position() },
    links: {
      self: linkTo(offset),
      first: linkTo(0),
      prev: prev === null ? null : linkTo(prev),
      next: next === null ? null : linkTo(next),
      last: linkTo(last),
    },
  };

  function position(): Pagination {
    if (page.form === 'offset') {
      return {
        type: 'offset_limit',
        offset,
        first_offset: 0,
        prev_offset: prev,
        next_offset: next,
        last_offset: last,
        limit,
        total,
      };
    }
    return {
      type: 'number_size',
      number: offset / limit,
      first_number: 0,
      prev_number: prev === null ? null : prev / limit,
      next_number: next === null ? null : next / limit,
      last_number: last / limit,
      size: limit,
      total,
    };
  }

  function linkTo(start: number): string {
    const link = new URL(address);
    const [name, value, size] =
      page.form === 'offset'
        ? ['page[offset]', start, 'page[limit]']
        : ['page[number]', start / limit, 'page[size]'];
    link.searchParams.set(name, String(value));
    link.searchParams.set(size, String(limit));
    return link.href;
  }
}
