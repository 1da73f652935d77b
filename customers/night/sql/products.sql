-- What a customer has on :day: accounts opened and not closed, contracts begun and not ended, loans not paid back.
-- families          product families in use, by name, separated by commas
-- family_count      how many: products per customer (cross-holding)
-- next_maturity_on  the next day on which a deposit or product matures
-- first_account_on  the day the first account was opened

SELECT
    customer_id,
    concat_ws(',',
        max(CASE WHEN family = 'current' THEN family END),
        max(CASE WHEN family = 'time' THEN family END),
        max(CASE WHEN family = 'certificate' THEN family END),
        max(CASE WHEN family = 'wealth' THEN family END),
        max(CASE WHEN family = 'fund' THEN family END),
        max(CASE WHEN family = 'insurance' THEN family END),
        max(CASE WHEN family = 'bond' THEN family END),
        max(CASE WHEN family = 'metal' THEN family END),
        max(CASE WHEN family = 'pension' THEN family END),
        max(CASE WHEN family = 'card' THEN family END),
        max(CASE WHEN family = 'loan' THEN family END),
        max(CASE WHEN family = 'other' THEN family END)) AS families,
    CAST(count(DISTINCT family) AS integer) AS family_count,
    min(CASE WHEN matures_on >= :day THEN matures_on END) AS next_maturity_on,
    min(opened_on) AS first_account_on
FROM (
    SELECT customer_id, family, CAST(NULL AS date) AS matures_on, opened_on
    FROM customers_account
    WHERE customer_id BETWEEN :first AND :last
        AND (opened_on IS NULL OR opened_on <= :day) AND (closed_on IS NULL OR closed_on > :day)
    UNION ALL
    SELECT customer_id, family, matures_on, CAST(NULL AS date) AS opened_on
    FROM customers_holding
    WHERE customer_id BETWEEN :first AND :last
        AND (started_on IS NULL OR started_on <= :day) AND (ended_on IS NULL OR ended_on > :day)
        AND (matures_on IS NULL OR matures_on >= :day)
    UNION ALL
    SELECT l.customer_id, 'loan' AS family, CAST(NULL AS date) AS matures_on, CAST(NULL AS date) AS opened_on
    FROM customers_loan AS l
    WHERE l.customer_id BETWEEN :first AND :last AND l.started_on <= :day
        AND NOT EXISTS (
            SELECT 1 FROM customers_loanstate AS s
            WHERE s.loan_id = l.id AND s.day <= :day AND s.state IN ('paid', 'defaulted'))
) AS had
GROUP BY customer_id
