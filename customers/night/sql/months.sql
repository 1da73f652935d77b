-- What happened in one month of each customer: the summary all features of movements and assets are made of.
-- Money: minor units of the base currency. Rows dated after :day are not there yet.

WITH moved AS (
    SELECT
        t.customer_id,
        t.month,
        -- Money that came from others and went to others; moves between own accounts are neither.
        sum(t.base_amount) FILTER (WHERE t.base_amount > 0 AND NOT t.own) AS inflow,
        -sum(t.base_amount) FILTER (WHERE t.base_amount < 0 AND NOT t.own) AS outflow,
        sum(t.base_amount) FILTER (WHERE t.category = 'salary' AND t.base_amount > 0) AS salary,
        sum(t.base_amount) FILTER (WHERE t.category = 'business' AND t.base_amount > 0) AS business,
        -- Put aside and taken back, as seen on the account one lives from: the other leg is on the savings account.
        -sum(t.base_amount) FILTER (WHERE t.category = 'saving' AND t.base_amount < 0 AND t.daily) AS saved,
        sum(t.base_amount) FILTER (WHERE t.category = 'saving' AND t.base_amount > 0 AND t.daily) AS unsaved,
        -sum(t.base_amount) FILTER (WHERE t.counterparty_bank <> '' AND t.base_amount < 0 AND NOT t.own)
            AS to_other_banks,
        -sum(t.base_amount) FILTER (WHERE t.category = 'investment' AND t.counterparty_bank <> '' AND t.base_amount < 0
            AND NOT t.own) AS invested_elsewhere,
        -sum(t.base_amount) FILTER (WHERE t.category = 'rent' AND t.base_amount < 0) AS rent,
        -sum(t.base_amount) FILTER (WHERE t.category = 'tuition' AND t.base_amount < 0) AS tuition,
        -sum(t.base_amount) FILTER (WHERE t.category = 'insurance' AND t.base_amount < 0) AS insurance,
        max(abs(t.base_amount)) FILTER (WHERE NOT t.own) AS largest,
        -- What the customer did: neither the bank's own bookings nor standing orders.
        count(*) FILTER (WHERE t.channel <> 'bank') AS moves,
        count(*) FILTER (WHERE t.category = 'fx') AS fx_moves,
        count(*) FILTER (WHERE t.country <> '') AS overseas_moves,
        -sum(t.base_amount) FILTER (WHERE t.country <> '' AND t.base_amount < 0) AS overseas_amount,
        bit_or(CASE t.channel
            WHEN 'pos' THEN 1 WHEN 'mobile' THEN 2 WHEN 'bank' THEN 0 WHEN 'atm' THEN 4 WHEN 'counter' THEN 8
            WHEN 'web' THEN 16 WHEN 'phone' THEN 32 ELSE 0 END) AS channels,
        bit_or(CASE WHEN t.channel <> 'bank' AND t.booked_at IS NOT NULL
            THEN 1 << CAST(date_part('hour', t.booked_at) AS integer) ELSE 0 END) AS hours,
        max(t.booked_on) FILTER (WHERE t.channel <> 'bank') AS last_active_on
    FROM {movements} AS t
    GROUP BY t.customer_id, t.month
),
held AS (
    SELECT
        b.customer_id,
        b.month,
        count(*) AS balance_rows,
        sum(b.change) AS balance_change,
        sum(b.change * b.days_left) AS balance_change_days
    FROM {balances} AS b
    GROUP BY b.customer_id, b.month
)
SELECT
    coalesce(m.customer_id, h.customer_id) AS customer_id,
    coalesce(m.month, h.month) AS month,
    CAST(coalesce(m.inflow, 0) AS bigint) AS inflow,
    CAST(coalesce(m.outflow, 0) AS bigint) AS outflow,
    CAST(coalesce(m.salary, 0) AS bigint) AS salary,
    CAST(coalesce(m.business, 0) AS bigint) AS business,
    CAST(coalesce(m.saved, 0) AS bigint) AS saved,
    CAST(coalesce(m.unsaved, 0) AS bigint) AS unsaved,
    CAST(coalesce(m.to_other_banks, 0) AS bigint) AS to_other_banks,
    CAST(coalesce(m.invested_elsewhere, 0) AS bigint) AS invested_elsewhere,
    CAST(coalesce(m.rent, 0) AS bigint) AS rent,
    CAST(coalesce(m.tuition, 0) AS bigint) AS tuition,
    CAST(coalesce(m.insurance, 0) AS bigint) AS insurance,
    CAST(coalesce(m.largest, 0) AS bigint) AS largest,
    CAST(coalesce(m.moves, 0) AS integer) AS moves,
    CAST(coalesce(m.fx_moves, 0) AS integer) AS fx_moves,
    CAST(coalesce(m.overseas_moves, 0) AS integer) AS overseas_moves,
    CAST(coalesce(m.overseas_amount, 0) AS bigint) AS overseas_amount,
    CAST(coalesce(m.channels, 0) AS integer) AS channels,
    CAST(coalesce(m.hours, 0) AS integer) AS hours,
    m.last_active_on AS last_active_on,
    CAST(coalesce(h.balance_rows, 0) AS integer) AS balance_rows,
    CAST(coalesce(h.balance_change, 0) AS bigint) AS balance_change,
    CAST(coalesce(h.balance_change_days, 0) AS bigint) AS balance_change_days
FROM moved AS m
FULL JOIN held AS h ON h.customer_id = m.customer_id AND h.month = m.month
