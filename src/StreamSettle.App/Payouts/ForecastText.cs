using System.Globalization;
using System.Text;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Audit.History;
using StreamSettle.Kernel.Money;

namespace StreamSettle.App.Payouts;

/// <summary>A forecast as text for a terminal.</summary>
static class ForecastText
{
    /// <param name="width">Of the terminal; null where it goes elsewhere.</param>
    public static string Of(ForecastAnswer forecast, int? width = null)
    {
        var text = new StringBuilder();
        if (forecast.Due.Count + forecast.Gathering.Count == 0)
        {
            text.AppendLine("no split waits for its payout");
        }

        if (forecast.Due.Count > 0)
        {
            text.AppendLine("Payouts by the time from which on they may go");
            var table = new TextTable(false, true, true);
            table.Add("FROM", "SPLITS", "FOR MERCHANTS");
            foreach (var due in forecast.Due)
            {
                table.Add(due.PayableAt ?? "nobody can say", Number(due.Splits), Money(due.Amount, due.Currency));
            }

            table.AppendTo(text, width);
        }

        if (forecast.Gathering.Count > 0)
        {
            Gathering(text, forecast, width);
        }

        foreach (var silent in forecast.NotHeard)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"not among these: {FailureText.OneLine(silent)}");
        }

        return text.ToString();
    }

    static void Gathering(StringBuilder text, ForecastAnswer forecast, int? width)
    {
        text.AppendLine(forecast.Due.Count > 0 ? Environment.NewLine + "Payouts that wait for a minimum" : "Payouts that wait for a minimum");
        var table = new TextTable(true, true, true, true, false);
        table.Add("MERCHANT", "SPLITS", "SO FAR", "MINIMUM", "AT THE LATEST");
        foreach (var one in forecast.Gathering)
        {
            table.Add(
                Number(one.MerchantId), Number(one.Splits), Money(one.Amount, one.Currency), Money(one.Minimum, one.Currency), one.Going ? "going now" : one.LatestAt ?? "however long it takes");
        }

        table.AppendTo(text, width);
        if (forecast.GatheringTotal > forecast.Gathering.Count)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"There are {forecast.GatheringTotal - forecast.Gathering.Count} more: --limit, up to 1000");
        }
    }

    static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    static string Money(Int128 minor, string code) => Currency.TryParse(Encoding.ASCII.GetBytes(code), out var currency)
        ? string.Create(CultureInfo.InvariantCulture, $"{new DecimalAmount(minor, (byte)currency.Digits)} {code}")
        : string.Create(CultureInfo.InvariantCulture, $"{minor} minor units {code}");
}
