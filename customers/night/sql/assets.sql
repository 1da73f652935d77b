-- Assets under management (AUM), from the balances of all accounts but cards and loans. Unknown without any balance.
-- One row for each customer of whom anything was ever booked or held; last_active_on: when the customer last did
-- something.
-- aum                  at the end of :day, minor units
-- aum_month_to_date    average of the days of this month so far: sum of daily balances / days elapsed
-- aum_average_1 .. _6  average of the days of the last, …, sixth last whole month; unknown before the first balance
-- aum_month_end        at the end of the last whole month
-- aum_year_ago         at the end of the month twelve months before this one
--
-- A balance at the end of a month is the sum of all changes up to then. An average is the balance at the month's start
-- plus each change weighted with the days it was in effect (customers_customermonth.balance_change_days).

SELECT
    customer_id,
    last_active_on,
    first_booked_month,
    CASE WHEN known > 0 THEN total END AS aum,
    CASE WHEN known > 0 THEN
        total - change_0 + CAST(floor(CAST(days_0 - change_0 * :days_to_come AS double precision) / :days_elapsed)
            AS bigint) END AS aum_month_to_date,
    CASE WHEN first_month <= :month_1 THEN
        total - change_0 - change_1 + CAST(floor(CAST(days_1 AS double precision) / :days_in_month_1) AS bigint)
        END AS aum_average_1,
    CASE WHEN first_month <= :month_2 THEN
        total - change_0 - change_1 - change_2
        + CAST(floor(CAST(days_2 AS double precision) / :days_in_month_2) AS bigint) END AS aum_average_2,
    CASE WHEN first_month <= :month_3 THEN
        total - change_0 - change_1 - change_2 - change_3
        + CAST(floor(CAST(days_3 AS double precision) / :days_in_month_3) AS bigint) END AS aum_average_3,
    CASE WHEN first_month <= :month_4 THEN
        total - change_0 - change_1 - change_2 - change_3 - change_4
        + CAST(floor(CAST(days_4 AS double precision) / :days_in_month_4) AS bigint) END AS aum_average_4,
    CASE WHEN first_month <= :month_5 THEN
        total - change_0 - change_1 - change_2 - change_3 - change_4 - change_5
        + CAST(floor(CAST(days_5 AS double precision) / :days_in_month_5) AS bigint) END AS aum_average_5,
    CASE WHEN first_month <= :month_6 THEN
        total - change_0 - change_1 - change_2 - change_3 - change_4 - change_5 - change_6
        + CAST(floor(CAST(days_6 AS double precision) / :days_in_month_6) AS bigint) END AS aum_average_6,
    CASE WHEN first_month <= :month_1 THEN total - change_0 END AS aum_month_end,
    CASE WHEN first_month <= :month_12 THEN year_ago END AS aum_year_ago
FROM (
    SELECT
        customer_id,
        max(last_active_on) AS last_active_on,
        min(month) AS first_booked_month,
        CAST(sum(balance_rows) AS bigint) AS known,
        min(CASE WHEN balance_rows > 0 THEN month END) AS first_month,
        CAST(sum(balance_change) AS bigint) AS total,
        CAST(coalesce(sum(balance_change) FILTER (WHERE month <= :month_12), 0) AS bigint) AS year_ago,
        CAST(coalesce(sum(balance_change) FILTER (WHERE month = :month_0), 0) AS bigint) AS change_0,
        CAST(coalesce(sum(balance_change) FILTER (WHERE month = :month_1), 0) AS bigint) AS change_1,
        CAST(coalesce(sum(balance_change) FILTER (WHERE month = :month_2), 0) AS bigint) AS change_2,
        CAST(coalesce(sum(balance_change) FILTER (WHERE month = :month_3), 0) AS bigint) AS change_3,
        CAST(coalesce(sum(balance_change) FILTER (WHERE month = :month_4), 0) AS bigint) AS change_4,
        CAST(coalesce(sum(balance_change) FILTER (WHERE month = :month_5), 0) AS bigint) AS change_5,
        CAST(coalesce(sum(balance_change) FILTER (WHERE month = :month_6), 0) AS bigint) AS change_6,
        CAST(coalesce(sum(balance_change_days) FILTER (WHERE month = :month_0), 0) AS bigint) AS days_0,
        CAST(coalesce(sum(balance_change_days) FILTER (WHERE month = :month_1), 0) AS bigint) AS days_1,
        CAST(coalesce(sum(balance_change_days) FILTER (WHERE month = :month_2), 0) AS bigint) AS days_2,
        CAST(coalesce(sum(balance_change_days) FILTER (WHERE month = :month_3), 0) AS bigint) AS days_3,
        CAST(coalesce(sum(balance_change_days) FILTER (WHERE month = :month_4), 0) AS bigint) AS days_4,
        CAST(coalesce(sum(balance_change_days) FILTER (WHERE month = :month_5), 0) AS bigint) AS days_5,
        CAST(coalesce(sum(balance_change_days) FILTER (WHERE month = :month_6), 0) AS bigint) AS days_6
    FROM customers_customermonth
    WHERE customer_id BETWEEN :first AND :last AND month <= :month_0
    GROUP BY customer_id
) AS sums
