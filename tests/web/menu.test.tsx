import { act, fireEvent, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Menu, MenuChoice, menuItem } from '../../src/web/ui/menu.tsx';

const select = vi.fn<(name: string) => void>();

beforeEach(() => {
  select.mockClear();
  render(
    <>
      <Menu label="Fruit" button="Fruit" buttonClass="button">
        {['Apple', 'Apricot', 'Banana'].map((name) => (
          <button key={name} type="button" {...menuItem()} onClick={() => select(name)}>
            {name}
          </button>
        ))}
        <a href="#cherry" {...menuItem()}>
          Cherry
        </a>
        <MenuChoice
          label="Size"
          options={[{ value: 'small', label: 'Small' }]}
          value="small"
          onChange={select}
        />
      </Menu>
      <button type="button">After</button>
    </>,
  );
});

function trigger() {
  return screen.getByRole('button', { name: 'Fruit' });
}

function focused() {
  return document.activeElement?.textContent;
}

describe('A menu', () => {
  it.each([
    ['{Enter}', 'Apple'],
    [' ', 'Apple'],
    ['{ArrowDown}', 'Apple'],
    ['{ArrowUp}', 'Small'],
  ])('opens with %s', async (key, item) => {
    const user = userEvent.setup();
    trigger().focus();
    await user.keyboard(key);
    expect(screen.getByRole('menu', { name: 'Fruit' })).toBeTruthy();
    expect(trigger().getAttribute('aria-expanded')).toBe('true');
    expect(focused()).toBe(item);
  });

  it.each([
    ['{ArrowDown}{ArrowDown}', 'Banana'],
    ['{ArrowUp}', 'Small'],
    ['{End}{ArrowDown}', 'Apple'],
    ['{End}', 'Small'],
    ['{End}{Home}', 'Apple'],
    ['b', 'Banana'],
    ['a', 'Apricot'],
    ['ap', 'Apricot'],
    ['app', 'Apple'],
  ])('moves focus with %s', async (keys, item) => {
    const user = userEvent.setup();
    trigger().focus();
    await user.keyboard('{Enter}');
    await user.keyboard(keys);
    expect(focused()).toBe(item);
  });

  it('selects an item, closes and returns focus to its button', async () => {
    const user = userEvent.setup();
    trigger().focus();
    await user.keyboard('{ArrowDown}{ArrowDown}{Enter}');
    expect(select).toHaveBeenCalledExactlyOnceWith('Apricot');
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(trigger());
  });

  it('follows a link with Space', async () => {
    const user = userEvent.setup();
    const followed = vi.fn<(event: Event) => void>();
    trigger().focus();
    await user.keyboard('{ArrowDown}c');
    screen.getByRole('menuitem', { name: 'Cherry' }).addEventListener('click', followed);
    await user.keyboard(' ');
    expect(followed).toHaveBeenCalledOnce();
  });

  it('stays open after a choice', async () => {
    const user = userEvent.setup();
    await user.click(trigger());
    await user.click(screen.getByRole('menuitemradio', { name: 'Small', checked: true }));
    expect(select).toHaveBeenCalledExactlyOnceWith('small');
    expect(screen.getByRole('menu')).toBeTruthy();
  });

  it('closes with Esc, and returns focus to its button', async () => {
    const user = userEvent.setup();
    await user.click(trigger());
    await user.keyboard('{Escape}');
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(trigger());
  });

  it('closes with Tab, which moves on from its button', async () => {
    const user = userEvent.setup();
    trigger().focus();
    await user.keyboard('{Enter}{Tab}');
    expect(screen.queryByRole('menu')).toBeNull();
    expect(focused()).toBe('After');
  });

  it('closes when something else is clicked, also if that cannot take focus', async () => {
    const user = userEvent.setup();
    await user.click(trigger());
    fireEvent.pointerDown(document.body);
    expect(screen.queryByRole('menu')).toBeNull();
  });

  it('closes when focus moves elsewhere', async () => {
    const user = userEvent.setup();
    await user.click(trigger());
    act(() => screen.getByRole('button', { name: 'After' }).focus());
    expect(screen.queryByRole('menu')).toBeNull();
    expect(focused()).toBe('After');
  });

  it('closes when its button is clicked again', async () => {
    const user = userEvent.setup();
    await user.click(trigger());
    await user.click(trigger());
    expect(screen.queryByRole('menu')).toBeNull();
  });
});
