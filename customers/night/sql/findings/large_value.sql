-- Large value on one day, single or cumulative, inclusive, each direction separately (金融机构大额交易和可疑交易报告管理办法):
-- cash, transfers at home, transfers across the border; foreign currency against its own thresholds in US dollars.

SELECT customer_id, concat_ws(':', booked_on, kind, direction, currency_kind) AS cause, booked_on AS day,
    jsonb_agg(evidence(m) ORDER BY abs(base_amount) DESC) AS evidence
FROM (
    SELECT
        r.*,
        CASE WHEN r.category = 'cash' THEN 'cash' WHEN r.country <> '' THEN 'cross_border' ELSE 'transfer' END AS kind,
        CASE WHEN r.base_amount > 0 THEN 'in' ELSE 'out' END AS direction,
        CASE WHEN r.currency = :base_currency THEN 'base' ELSE 'foreign' END AS currency_kind
    FROM recent AS r
    JOIN (
        -- Days on which all together reach any of the thresholds: few of all days.
        SELECT customer_id, booked_on FROM recent WHERE looked_at GROUP BY customer_id, booked_on
        HAVING sum(abs(base_amount)) >= least(:cash, :transfer, :cross_border,
            :dollar * least(:cash_foreign, :transfer_foreign, :cross_border_foreign))
    ) AS large ON large.customer_id = r.customer_id AND large.booked_on = r.booked_on
    WHERE r.looked_at
) AS m
GROUP BY customer_id, booked_on, kind, direction, currency_kind
HAVING sum(abs(base_amount)) >= CASE
    WHEN currency_kind = 'foreign' AND CAST(:dollar AS numeric) IS NOT NULL THEN :dollar * CASE kind
        WHEN 'cash' THEN :cash_foreign WHEN 'cross_border' THEN :cross_border_foreign ELSE :transfer_foreign END
    ELSE CASE kind WHEN 'cash' THEN :cash WHEN 'cross_border' THEN :cross_border ELSE :transfer END END
