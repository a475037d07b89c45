using StreamSettle.Kernel.Money;

namespace StreamSettle.Settlement.Explaining;

/// <summary>Amounts and rates as a person reads them: <c>100.00 EUR</c>, <c>19 %</c>.</summary>
internal static class MoneyText
{
    const int PercentDigits = 4;

    public static string Of(long minor, Currency currency) => $"{new DecimalAmount(minor, (byte)currency.Digits)} {currency}";

    public static string Percent(int ratePpm) => $"{new DecimalAmount(ratePpm, PercentDigits).ToString().TrimEnd('0').TrimEnd('.')} %";
}
