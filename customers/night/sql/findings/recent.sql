-- The movements that detectors look at: of the customers with a day to look at, from the widest window before the first
-- such day on. Moves between own accounts and rollovers of own deposits are exempt. looked_at: whether it is of a day
-- to look at. evidence(m), in the detectors, is the movement's values as a warning copies them: written out only for
-- what was found, since doing it for every movement takes longer than all detectors.

SELECT
    t.customer_id, t.account_id, t.booked_on, t.reference, t.base_amount, t.category, t.channel, t.country, t.currency,
    t.amount, t.counterparty, t.counterparty_tail, t.counterparty_key,
    EXISTS (SELECT FROM days AS d WHERE d.customer_id = t.customer_id AND d.day = t.booked_on) AS looked_at
FROM (SELECT customer_id, min(day) AS since FROM days GROUP BY customer_id) AS w
JOIN customers_transaction AS t
    ON t.customer_id = w.customer_id AND t.booked_on > w.since - :window AND t.booked_on > :since - :window
WHERE t.booked_on <= :day AND NOT t.own AND t.category NOT IN ('fee', 'interest', 'penalty')
