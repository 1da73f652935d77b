-- What matures within 30 days, and for a week after it did: the window of 到期承接. Due: the day itself, or the working
-- day before. A contract that ended before its day is settled. Cards and loans are no assets that come free.

SELECT
    h.customer_id,
    h.reference || ':' || h.matures_on AS cause,
    coalesce(off.before, h.matures_on) AS due,
    jsonb_build_object(
        'product', h.product, 'family', h.family, 'amount', h.amount, 'currency', h.currency, 'on', h.matures_on
    ) AS values
FROM customers_holding AS h
LEFT JOIN off ON off.day = h.matures_on
WHERE h.customer_id BETWEEN :first AND :last
    AND h.matures_on BETWEEN :days_ago_7 AND :days_ahead_30
    AND (h.ended_on IS NULL OR h.ended_on >= h.matures_on)
    AND h.family NOT IN ('card', 'loan')
