-- The tiers as ranges of AUM, minor units: from from_aum up to below_aum.

SELECT code, from_aum, coalesce(lead(from_aum) OVER (ORDER BY from_aum), 9223372036854775807) AS below_aum
FROM customers_tier
