-- Warnings that managers may read and nobody has talked about yet; a fallen score only with a live loan. Due: the first
-- working day after what happened.

SELECT
    w.customer_id,
    CAST(w.id AS text) AS cause,
    greatest(coalesce(off.after, w.day + 1), :working_day) AS due,
    jsonb_build_object(
        'detector', w.detector, 'on', w.day, 'amount', w.evidence -> 0 -> 'amount',
        'currency', w.evidence -> 0 -> 'currency'
    ) AS values
FROM customers_riskwarning AS w
LEFT JOIN customers_features AS f ON f.customer_id = w.customer_id
LEFT JOIN off ON off.day = w.day + 1
WHERE w.state = 'open' AND w.detector <> ALL (:for_compliance_alone)
    AND (w.detector <> 'credit_fall' OR f.loan_outstanding > 0)
