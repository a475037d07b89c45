using System.CommandLine;
using StreamSettle.App.Http;
using StreamSettle.App.Payouts;
using StreamSettle.App.Running;

namespace StreamSettle.App.Commands;

/// <summary><c>forecast</c>: what waits for its payout, how much and when; over the API of the running service.</summary>
static class ForecastCommand
{
    public static Command Create()
    {
        var limit = new Option<string>("--limit") { Description = "Most merchants that wait for a minimum, 1 to 1000; default 100." };
        return AskingCommand.Of(new("forecast", "What waits for its payout: how much, and when it goes.") { limit }, async (parsed, api, stop) =>
        {
            var query = parsed.GetValue(limit) is { } most ? $"?limit={Uri.EscapeDataString(most)}" : "";
            var body = await api.AskAsync(HttpMethod.Get, $"api/v1/forecast{query}", null, stop);
            return (body, ForecastText.Of(api.Read(body, ApiJson.Default.ForecastAnswer), TerminalText.OutputWidth));
        });
    }
}
