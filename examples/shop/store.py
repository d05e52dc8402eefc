"""What the shop remembers; a status only goes forward, so a callback may come twice."""

import sqlite3

TABLES = """
CREATE TABLE IF NOT EXISTS orders (
    number TEXT PRIMARY KEY,
    item TEXT NOT NULL,
    amount INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'new',
    shipped INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS refunds (
    number TEXT PRIMARY KEY,
    order_number TEXT NOT NULL REFERENCES orders (number),
    amount INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'asked'
);
"""


class Store:
    """Orders and refunds in SQLite; every method is one transaction."""

    def __init__(self, file):
        self.db = sqlite3.connect(file)
        self.db.row_factory = sqlite3.Row
        self.db.executescript(TABLES)

    def order(self, number):
        """Return an order, or None."""
        return self.db.execute("SELECT * FROM orders WHERE number = ?", [number]).fetchone()

    def refund(self, number):
        """Return a refund, or None."""
        return self.db.execute("SELECT * FROM refunds WHERE number = ?", [number]).fetchone()

    def add_order(self, number, item, amount):
        """Keep an order before the platform hears of it; the first one of a number stays."""
        with self.db:
            self.db.execute(
                "INSERT OR IGNORE INTO orders (number, item, amount) VALUES (?, ?, ?)",
                [number, item, amount],
            )

    def pay_order(self, number, amount):
        """Note that an order is paid, and ship it, once; return whether there is such an order."""
        with self.db:
            self.db.execute(
                "UPDATE orders SET status = 'paid', shipped = shipped + 1"
                " WHERE number = ? AND amount = ? AND status IN ('new', 'closed')",
                [number, amount],
            )
        order = self.order(number)
        return order is not None and order["amount"] == amount

    def close_order(self, number):
        """Note that an order was not paid in time."""
        with self.db:
            self.db.execute(
                "UPDATE orders SET status = 'closed' WHERE number = ? AND status = 'new'", [number]
            )

    def add_refund(self, number, order_number, amount):
        """Keep a refund before it is asked for."""
        with self.db:
            self.db.execute(
                "INSERT OR IGNORE INTO refunds (number, order_number, amount) VALUES (?, ?, ?)",
                [number, order_number, amount],
            )

    def end_refund(self, number, status):
        """Note how a refund ended, once; return whether there is such a refund."""
        with self.db:
            ended = self.db.execute(
                "UPDATE refunds SET status = ? WHERE number = ? AND status = 'asked'",
                [status, number],
            )
            if ended.rowcount and status == "done":
                self.db.execute(
                    "UPDATE orders SET status = 'refunded' WHERE number ="
                    " (SELECT order_number FROM refunds WHERE number = ?)",
                    [number],
                )
        return self.refund(number) is not None
