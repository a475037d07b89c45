using System.CommandLine;
using StreamSettle.App.Running;
using StreamSettle.Audit.History;
using StreamSettle.Audit.Marten;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Ids;

namespace StreamSettle.App.Commands;

/// <summary><c>order ID</c>: one order's whole history, from CDC position to confirmed legs. Reads the event log itself; the service need not run.</summary>
static class OrderCommand
{
    public static Command Create()
    {
        var id = new Argument<long>("ID") { Description = "The order's primary key in the source." };
        var config = ConfigurationOf.ConfigOption();
        var command = new Command("order", "Prints one order's whole road: source position, schedule, money with its explanation, calls and receipts.") { id, config };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(
            stop,
            () => RunAsync(new(parsed.GetValue(id)), ConfigurationOf.Read(parsed.GetValue(config), parsed.UnmatchedTokens), stop)));
        return command;
    }

    static async Task<int> RunAsync(OrderId order, IConfiguration configuration, CancellationToken stop)
    {
        var connection = configuration["Audit:ConnectionString"] ?? configuration["Source:ConnectionString"]
            ?? throw new UserMistakeException("Audit:ConnectionString (or Source:ConnectionString) is missing: set it to the PostgreSQL of the event log.");
        await using var log = new MartenEventLog(new() { ConnectionString = connection, Schema = configuration["Audit:Schema"] ?? "settlement" });
        var stream = await log.ReadStreamAsync(order, stop);
        Console.Write(OrderHistoryText.Render(OrderHistory.From(order, stream)));
        return stream.Count > 0 ? ExitCodes.Done : ExitCodes.Found;
    }
}
