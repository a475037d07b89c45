using System.CommandLine;
using System.Globalization;
using StreamSettle.App.Configuration;
using StreamSettle.App.DeadLetters;
using StreamSettle.App.Holds;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Http;
using StreamSettle.App.Running;
using StreamSettle.Audit.History;
using StreamSettle.Audit.Marten;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Holds;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.App.Commands;

/// <summary>
/// <c>order ID</c>: one order's whole history, from CDC position to confirmed legs. Reads the event log itself; the service need not run. What waits for a
/// person, unreadable changes of the order among it, only the running service knows: it is asked for that.
/// </summary>
static class OrderCommand
{
    public static Command Create()
    {
        var id = new Argument<long>("ID") { Description = "The order's primary key in the source." };
        var (service, config) = (new ApiOptions(), ConfigurationOf.ConfigOption());
        var command = new Command("order", "Prints one order's whole road: source position, schedule, money with its explanation, calls and receipts.") { id, config };
        service.AddTo(command);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            var configuration = ConfigurationOf.ReadStrictly(parsed, config);
            using var api = service.Open(parsed, configuration);
            return await RunAsync(new(parsed.GetValue(id)), configuration, api, stop);
        }));
        return command;
    }

    static async Task<int> RunAsync(OrderId order, IConfiguration configuration, ServiceApi api, CancellationToken stop)
    {
        await using var log = new MartenEventLog(EventLogOptions.Read(configuration));
        var stream = await log.ReadStreamAsync(order, stop);
        var history = OrderHistory.From(order, stream);
        var letters = await LettersAsync(order, api, stop);
        var holds = await HoldsAsync(history, api, stop);
        Console.Write(OrderHistoryText.Render(history, TerminalText.OutputWidth));
        if (holds.Count > 0)
        {
            Console.Write(HoldText.OfOrder(holds, TerminalText.OutputWidth));
        }

        if (letters.Count > 0)
        {
            Console.Write(DeadLetterText.OfOrder(letters, TerminalText.OutputWidth));
        }

        return stream.Count + letters.Count > 0 ? ExitCodes.Done : ExitCodes.Found;
    }

    /// <summary>What stands on the order, its merchant and everything: what it holds of the order shows in its history when its turn has come.</summary>
    static async Task<IReadOnlyList<HoldAnswer>> HoldsAsync(OrderHistory history, ServiceApi api, CancellationToken stop)
    {
        List<HoldScope> scopes = [HoldScope.Everything, HoldScope.Of(history.Order)];
        if (history.MerchantId is { } merchant)
        {
            scopes.Add(HoldScope.Of(new MerchantId(merchant)));
        }

        try
        {
            List<HoldAnswer> holds = [];
            foreach (var scope in scopes)
            {
                var body = await api.AskAsync(HttpMethod.Get, $"api/v1/holds?scope={Uri.EscapeDataString(scope.ToString())}", null, stop);
                holds.AddRange(api.Read(body, ApiJson.Default.HoldList).Items);
            }

            return holds;
        }
        catch (Exception unknown) when (unknown is UserMistakeException or EnvironmentFailedException)
        {
            await Console.Error.WriteLineAsync($"streamsettle: what is held now is not shown: {unknown.Message}");
            return [];
        }
    }

    /// <summary>Without the service the history is still worth reading: what is missing is said beside it.</summary>
    static async Task<IReadOnlyList<DeadLetterAnswer>> LettersAsync(OrderId order, ServiceApi api, CancellationToken stop)
    {
        try
        {
            var body = await api.AskAsync(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"api/v1/dead-letters?order={order.Value}"), null, stop);
            return api.Read(body, ApiJson.Default.DeadLetterList).Items;
        }
        catch (Exception unknown) when (unknown is UserMistakeException or EnvironmentFailedException)
        {
            await Console.Error.WriteLineAsync($"streamsettle: changes of the order that could not be read are not shown: {unknown.Message}");
            return [];
        }
    }
}
