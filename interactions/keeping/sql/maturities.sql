-- What matured from matured_since to matured_until and how much of it stayed with the bank until 30 days after (到期承接).
-- One row a customer, minor units of the base currency.
-- maturing  the balances of the contracts on the evening before their day; without an account their amount
-- stayed    that, less what the customer's assets fell by from the first of these days until 30 days after the last.
--           So renewing, another product or leaving it on any own account counts alike; never more than what matured
-- Contracts that ended before their day are not among them; cards and loans are no assets that come free.

SELECT m.customer_id, m.maturing,
    greatest(0, m.maturing + least(0, coalesce((
        SELECT sum(b.change) FROM customers_balance AS b
        JOIN customers_account AS a ON a.id = b.account_id AND a.family NOT IN ('card', 'loan')
        WHERE b.customer_id = m.customer_id AND b.day BETWEEN m.first_on AND m.last_on + 30), 0))) AS stayed
FROM (
    SELECT h.customer_id, sum(known.amount) AS maturing, min(h.matures_on) AS first_on, max(h.matures_on) AS last_on
    FROM customers_holding AS h
    CROSS JOIN LATERAL (
        SELECT coalesce(
            (SELECT b.base_amount FROM customers_balance AS b
             WHERE b.account_id = h.account_id AND b.day < h.matures_on ORDER BY b.day DESC LIMIT 1),
            CASE h.currency WHEN %(base_currency)s THEN h.amount END) AS amount
    ) AS known
    WHERE h.matures_on BETWEEN %(matured_since)s AND %(matured_until)s
        AND (h.ended_on IS NULL OR h.ended_on >= h.matures_on)
        AND h.family NOT IN ('card', 'loan') AND known.amount > 0
        AND (%(customer)s::bigint IS NULL OR h.customer_id = %(customer)s)
    GROUP BY h.customer_id
) AS m
