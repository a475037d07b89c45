using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using StreamSettle.App.Http;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Reports;
using StreamSettle.App.Running;

namespace StreamSettle.App.Commands;

/// <summary><c>scan</c>: has the running service read the orders' table again, and follows it to its end. The service goes on with it whether somebody follows or not.</summary>
static class ScanCommand
{
    const string Path = "api/v1/scan";
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var (from, to) = (new Option<string>("--from") { Description = "Only orders completed from this instant or date on." }, new Option<string>("--to") { Description = "Only orders completed before this instant or date." });
        var (status, cancel) = (new Option<bool>("--status") { Description = "Only says how far the present or last scan has come." }, new Option<bool>("--stop") { Description = "Gives the running scan up." });
        var (service, config) = (new ApiOptions(), ConfigurationOf.ConfigOption());
        var command = new Command("scan", "Reads the shop's orders again beside the capture, and feeds those that it never delivered.") { from, to, status, cancel, config };
        service.AddTo(command);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            using var api = service.Open(parsed, ConfigurationOf.ReadStrictly(parsed, config));
            if (parsed.GetValue(status) || parsed.GetValue(cancel))
            {
                var answer = await api.AskAsync(parsed.GetValue(cancel) ? HttpMethod.Post : HttpMethod.Get, parsed.GetValue(cancel) ? $"{Path}/stop" : Path, null, stop);
                Console.WriteLine(Text(api.Read(answer, ApiJson.Default.ScanAnswer)));
                return ExitCodes.Done;
            }

            var asked = new ScanRequestBody(Instant("--from", parsed.GetValue(from)), Instant("--to", parsed.GetValue(to)));
            var begun = await api.AskAsync(HttpMethod.Post, $"{Path}/start", JsonSerializer.Serialize(asked, ApiJson.Default.ScanRequestBody), stop);
            return await FollowAsync(api, api.Read(begun, ApiJson.Default.ScanAnswer), stop);
        }));
        return command;
    }

    static async Task<int> FollowAsync(ServiceApi api, ScanAnswer scan, CancellationToken stop)
    {
        var last = "";
        while (true)
        {
            if (Text(scan) is var text && text != last)
            {
                Console.WriteLine(last = text);
            }

            if (scan.Phase is ScanPhase.Done or ScanPhase.Stopped)
            {
                return scan.Phase == ScanPhase.Done ? ExitCodes.Done : ExitCodes.Found;
            }

            await Task.Delay(Interval, TimeProvider.System, stop);
            scan = api.Read(await api.AskAsync(HttpMethod.Get, Path, null, stop), ApiJson.Default.ScanAnswer);
        }
    }

    static string? Instant(string option, string? text) => text is null ? null : Period.Instant(option, text).ToString();

    static string Text(ScanAnswer scan) => string.Create(
        CultureInfo.InvariantCulture,
        $"scan {scan.Id[..8]} of {scan.StartedAt} by {scan.By}: {scan.Phase.ToString().ToLowerInvariant()}, {scan.ShardsDone} of {scan.Shards} shards, {scan.Rows} rows{(scan.Waits is null ? "" : $"; waits: {scan.Waits}")}");
}
