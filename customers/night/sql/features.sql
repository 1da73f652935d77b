-- One row of features a customer in service: the families of features side by side, and what follows from them.
-- birth_date      as the bank says: ages are worked out where they are asked for, on the day
-- customer_since  as the bank says, else the day the first account was opened
-- tier            by the best monthly average of the last 6 whole months: up at once; down only when all six were below,
--                 which is "below for 3 months: watched; watched for 3 months: down to the highest tier met in the last
--                 6", where one month at tier clears it. Without a whole month yet: by this month so far
-- tier_of_month   by the average of the last whole month alone
-- churn           light: below its tier at the end of the last whole month, whose average had reached it; severe: the
--                 month before had reached it, the last month's average and end did not; rescued: assets back at it
-- near_upgrade    the average of the last whole month at 90 % or more of the next tier (临界)
-- lifecycle       lost: nothing done for 180 days; new: customer for up to 180 days; declining: 30 % fewer moves in the
--                 last 3 months than in the 3 before (from 6 on); growing: inflow or assets 30 % up; else mature.
--                 Unknown without accounts, unless new

SELECT
    c.id AS customer_id,
    a.aum, a.aum_month_to_date,
    a.aum_average_1, a.aum_average_2, a.aum_average_3,
    a.aum_average_4, a.aum_average_5, a.aum_average_6,
    a.aum_month_end, a.aum_year_ago,
    best.code AS tier,
    last_month.code AS tier_of_month,
    CASE
        WHEN a.aum_average_1 < before.from_aum AND a.aum_month_end < before.from_aum
            THEN CASE WHEN a.aum >= before.from_aum THEN 'rescued' ELSE 'severe' END
        WHEN a.aum_month_end < last_month.from_aum
            THEN CASE WHEN a.aum >= last_month.from_aum THEN 'rescued' ELSE 'light' END
    END AS churn,
    a.aum_average_1 >= 0.9 * CAST(last_month.below_aum AS double precision) AS near_upgrade,
    m.inflow_month, m.inflow_1, m.inflow_3, m.inflow_6, m.inflow_12,
    m.outflow_month, m.outflow_1, m.outflow_3, m.outflow_6, m.outflow_12,
    m.inflow_growth, m.business_growth, m.to_other_banks_3,
    m.invested_elsewhere_6, m.rent_months_6, m.tuition_12, m.insurance_12,
    m.largest_usual, m.largest_recent, m.largest_ratio,
    m.salary_average_6, m.salary_months_6, m.payroll,
    m.saving_months_12, m.saving_average_12, m.saving_last_month, m.saving_broken,
    m.fx_moves_12, m.overseas_moves_12, m.overseas_amount_12,
    m.moves_3, m.moves_previous_3, m.channels, m.mobile_months_6, m.counter_months_6, m.active_hours, a.last_active_on,
    c.birth_date, coalesce(c.since, p.first_account_on) AS customer_since, p.families, p.family_count, p.next_maturity_on,
    d.loan_outstanding, d.overdue_days, d.overdue_amount, d.mortgage_since,
    r.risk_level, r.risk_valid_until,
    k.children, k.child_born_on,
    CASE
        WHEN a.last_active_on < :days_ago_180 THEN 'lost'
        WHEN coalesce(c.since, p.first_account_on) > :days_ago_180 THEN 'new'
        WHEN p.families IS NULL THEN NULL
        WHEN m.moves_previous_3 >= 6 AND m.moves_3 < 0.7 * m.moves_previous_3 THEN 'declining'
        WHEN m.inflow_growth >= 0.3 OR (a.aum_year_ago > 0 AND a.aum_average_1 >= 1.3 * a.aum_year_ago)
            THEN 'growing'
        ELSE 'mature'
    END AS lifecycle
FROM customers_customer AS c
LEFT JOIN (
    SELECT
        assets.*,
        coalesce(greatest(aum_average_1, aum_average_2, aum_average_3, aum_average_4, aum_average_5, aum_average_6),
            aum_month_to_date) AS best_average
    FROM assets
) AS a ON a.customer_id = c.id
LEFT JOIN movements AS m ON m.customer_id = c.id
LEFT JOIN products AS p ON p.customer_id = c.id
LEFT JOIN debts AS d ON d.customer_id = c.id
LEFT JOIN risk AS r ON r.customer_id = c.id
LEFT JOIN kin AS k ON k.customer_id = c.id
LEFT JOIN tiers AS best ON a.best_average >= best.from_aum AND a.best_average < best.below_aum
LEFT JOIN tiers AS last_month
    ON a.aum_average_1 >= last_month.from_aum AND a.aum_average_1 < last_month.below_aum
LEFT JOIN tiers AS before ON a.aum_average_2 >= before.from_aum AND a.aum_average_2 < before.below_aum
WHERE c.id BETWEEN :first AND :last AND c.status = 'active'
