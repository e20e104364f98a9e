import type { Context } from 'hono';
import { DEFAULT_PAGE_SIZE } from '../../contract/paths.ts';
import type { PageLinks, Pagination, TeamListQuery } from '../../contract/teams/schema.ts';

/** Page of a list. `form` is the form of paging that the request uses. */
export interface Page {
  form: 'offset' | 'number';
  offset: number;
  limit: number;
}

type PageParameters = Pick<TeamListQuery, 'page[size]' | 'page[number]' | 'page[limit]' | 'page[offset]'>;

/** Returns the page that a request asks for. `page[size]` or `page[number]` selects the number form. */
export function pageOf(query: PageParameters): Page {
  const { 'page[size]': size, 'page[number]': number } = query;
  if (size === undefined && number === undefined) {
    const limit = query['page[limit]'] ?? DEFAULT_PAGE_SIZE;
    return { form: 'offset', offset: query['page[offset]'] ?? 0, limit };
  }
  const limit = size ?? DEFAULT_PAGE_SIZE;
  return { form: 'number', offset: limit * (number ?? 0), limit };
}

/** Returns the public URL of a request, also behind a proxy. */
export function publicAddress(c: Context, publicUrl: string): URL {
  const { pathname, search } = new URL(c.req.url);
  return new URL(pathname + search, publicUrl);
}

/**
 * Returns the pagination of a page, and links to other pages.
 *
 * @param address URL of the request; its other parameters stay in the links
 * @param total length of the list
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
