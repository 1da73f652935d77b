-- Money in and out, income, saving and behaviour of the customers in `assets`, from the summaries of 14 months.
-- inflow_month, outflow_month      this month so far, minor units
-- inflow_1/3/6/12, outflow_…       the last 1, 3, 6, 12 whole months
-- inflow_growth                    monthly inflow of the last 3 months / that of the 9 before − 1; needs half a year
-- business_growth                  the same of business receipts
-- to_other_banks_3                 money that left to other banks in the last 3 months
-- invested_elsewhere_6             of it, what was invested there, 6 months
-- rent_months_6                    months of the last 6 in which rent was paid
-- tuition_12, insurance_12         paid for school, and premiums to insurers, in the last 12 months
-- largest_recent                   largest movement of this and the last month
-- largest_usual                    mean of the monthly largest of the 12 months before, the very largest left out,
--                                  so that one house bought does not hide what is unusual; needs three such months
-- largest_ratio                    largest_recent / largest_usual
-- salary_average_6, salary_months_6  mean of the months with a salary among the last 6, and how many those are
-- payroll                          4 or more of the 6, the largest at most twice the smallest (代发)
-- saving_months_12, saving_average_12  the same of money put aside, 12 months
-- saving_last_month                the last month in which money was put aside
-- saving_broken                    5 or more months of saving, and half of it or more taken back in this or the 2 last
-- fx_moves_12, overseas_moves_12, overseas_amount_12   of this month and the 12 before
-- moves_3, moves_previous_3        what the customer did in the last 3 whole months and in the 3 before them
-- channels                         used in this and the last 3 months, a bit each: 1 card terminal, 2 mobile, 4 ATM,
--                                  8 counter, 16 online, 32 phone
-- mobile_months_6, counter_months_6   of the last 6 whole months those with something done on the mobile bank, and
--                                  at the counter
-- active_hours                     hours of the day used in this or the last 3 months, a bit each

SELECT
    customer_id,
    inflow_month, inflow_1, inflow_3, inflow_6, inflow_12,
    outflow_month, outflow_1, outflow_3, outflow_6, outflow_12,
    CASE WHEN first_month <= :month_6 AND inflow_12 > inflow_3
        THEN (CAST(inflow_3 AS double precision) * 3) / (inflow_12 - inflow_3) - 1 END AS inflow_growth,
    CASE WHEN first_month <= :month_6 AND business_12 > business_3
        THEN (CAST(business_3 AS double precision) * 3) / (business_12 - business_3) - 1 END AS business_growth,
    to_other_banks_3, invested_elsewhere_6, rent_months_6, tuition_12, insurance_12,
    CASE WHEN largest_months > 2 THEN
        CAST(floor(CAST(largest_sum - largest_of_all AS double precision) / (largest_months - 1)) AS bigint)
        END AS largest_usual,
    largest_recent,
    CASE WHEN largest_months > 2 AND largest_sum > largest_of_all
        THEN CAST(largest_recent AS double precision) * (largest_months - 1) / (largest_sum - largest_of_all)
        END AS largest_ratio,
    CASE WHEN salary_months_6 > 0 THEN
        CAST(floor(CAST(salary_6 AS double precision) / salary_months_6) AS bigint) END AS salary_average_6,
    salary_months_6,
    salary_months_6 >= 4 AND salary_most <= 2 * salary_least AS payroll,
    saving_months_12,
    CASE WHEN saving_months_12 > 0 THEN
        CAST(floor(CAST(saved_12 AS double precision) / saving_months_12) AS bigint) END AS saving_average_12,
    saving_last_month,
    saving_months_12 >= 5 AND 2 * unsaved_recent >= saved_12 AS saving_broken,
    fx_moves_12, overseas_moves_12, overseas_amount_12,
    moves_3, moves_previous_3, channels, mobile_months_6, counter_months_6, active_hours
FROM (
    SELECT
        a.customer_id,
        min(a.first_booked_month) AS first_month,
        CAST(coalesce(sum(inflow) FILTER (WHERE month = :month_0), 0) AS bigint) AS inflow_month,
        CAST(coalesce(sum(inflow) FILTER (WHERE month = :month_1), 0) AS bigint) AS inflow_1,
        CAST(coalesce(sum(inflow) FILTER (WHERE month BETWEEN :month_3 AND :month_1), 0) AS bigint) AS inflow_3,
        CAST(coalesce(sum(inflow) FILTER (WHERE month BETWEEN :month_6 AND :month_1), 0) AS bigint) AS inflow_6,
        CAST(coalesce(sum(inflow) FILTER (WHERE month BETWEEN :month_12 AND :month_1), 0) AS bigint) AS inflow_12,
        CAST(coalesce(sum(outflow) FILTER (WHERE month = :month_0), 0) AS bigint) AS outflow_month,
        CAST(coalesce(sum(outflow) FILTER (WHERE month = :month_1), 0) AS bigint) AS outflow_1,
        CAST(coalesce(sum(outflow) FILTER (WHERE month BETWEEN :month_3 AND :month_1), 0) AS bigint) AS outflow_3,
        CAST(coalesce(sum(outflow) FILTER (WHERE month BETWEEN :month_6 AND :month_1), 0) AS bigint) AS outflow_6,
        CAST(coalesce(sum(outflow) FILTER (WHERE month BETWEEN :month_12 AND :month_1), 0) AS bigint) AS outflow_12,
        CAST(coalesce(sum(business) FILTER (WHERE month BETWEEN :month_3 AND :month_1), 0) AS bigint) AS business_3,
        CAST(coalesce(sum(business) FILTER (WHERE month BETWEEN :month_12 AND :month_1), 0) AS bigint) AS business_12,
        CAST(coalesce(sum(to_other_banks) FILTER (WHERE month BETWEEN :month_3 AND :month_1), 0) AS bigint)
            AS to_other_banks_3,
        CAST(coalesce(sum(invested_elsewhere) FILTER (WHERE month BETWEEN :month_6 AND :month_1), 0) AS bigint)
            AS invested_elsewhere_6,
        CAST(count(*) FILTER (WHERE month BETWEEN :month_6 AND :month_1 AND rent > 0) AS integer) AS rent_months_6,
        CAST(coalesce(sum(tuition) FILTER (WHERE month BETWEEN :month_12 AND :month_1), 0) AS bigint) AS tuition_12,
        CAST(coalesce(sum(insurance) FILTER (WHERE month BETWEEN :month_12 AND :month_1), 0) AS bigint) AS insurance_12,
        CAST(max(largest) FILTER (WHERE month >= :month_1) AS bigint) AS largest_recent,
        CAST(sum(largest) FILTER (WHERE month BETWEEN :month_13 AND :month_2) AS bigint) AS largest_sum,
        max(largest) FILTER (WHERE month BETWEEN :month_13 AND :month_2) AS largest_of_all,
        count(*) FILTER (WHERE month BETWEEN :month_13 AND :month_2 AND largest > 0) AS largest_months,
        CAST(sum(salary) FILTER (WHERE month BETWEEN :month_6 AND :month_1) AS bigint) AS salary_6,
        CAST(count(*) FILTER (WHERE month BETWEEN :month_6 AND :month_1 AND salary > 0) AS integer) AS salary_months_6,
        max(salary) FILTER (WHERE month BETWEEN :month_6 AND :month_1) AS salary_most,
        min(salary) FILTER (WHERE month BETWEEN :month_6 AND :month_1 AND salary > 0) AS salary_least,
        CAST(sum(saved) FILTER (WHERE month BETWEEN :month_12 AND :month_1) AS bigint) AS saved_12,
        CAST(count(*) FILTER (WHERE month BETWEEN :month_12 AND :month_1 AND saved > 0) AS integer) AS saving_months_12,
        max(month) FILTER (WHERE saved > 0) AS saving_last_month,
        CAST(sum(unsaved) FILTER (WHERE month >= :month_2) AS bigint) AS unsaved_recent,
        CAST(coalesce(sum(fx_moves) FILTER (WHERE month >= :month_12), 0) AS integer) AS fx_moves_12,
        CAST(coalesce(sum(overseas_moves) FILTER (WHERE month >= :month_12), 0) AS integer) AS overseas_moves_12,
        CAST(coalesce(sum(overseas_amount) FILTER (WHERE month >= :month_12), 0) AS bigint) AS overseas_amount_12,
        CAST(coalesce(sum(moves) FILTER (WHERE month BETWEEN :month_3 AND :month_1), 0) AS integer) AS moves_3,
        CAST(coalesce(sum(moves) FILTER (WHERE month BETWEEN :month_6 AND :month_4), 0) AS integer) AS moves_previous_3,
        CAST(coalesce(bit_or(channels) FILTER (WHERE month >= :month_3), 0) AS integer) AS channels,
        CAST(count(*) FILTER (WHERE month BETWEEN :month_6 AND :month_1 AND (channels & 2) > 0) AS integer)
            AS mobile_months_6,
        CAST(count(*) FILTER (WHERE month BETWEEN :month_6 AND :month_1 AND (channels & 8) > 0) AS integer)
            AS counter_months_6,
        CAST(coalesce(bit_or(hours) FILTER (WHERE month >= :month_3), 0) AS integer) AS active_hours
    FROM assets AS a
    LEFT JOIN customers_customermonth AS s
        ON s.customer_id = a.customer_id AND s.customer_id BETWEEN :first AND :last
        AND s.month BETWEEN :month_13 AND :month_0
    GROUP BY a.customer_id
) AS sums
