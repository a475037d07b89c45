using System.CommandLine;
using System.Net;
using StreamSettle.App.Running;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Downstreams.Faults;
using StreamSettle.Sandbox.Shop;

namespace StreamSettle.App.Commands;

/// <summary><c>sandbox shop</c> and <c>sandbox downstreams</c>: the demo's world, alone.</summary>
static class SandboxCommand
{
    public static Command Create() => new("sandbox", "The demo's shop and downstream systems, alone.") { Shop(), Downstreams() };

    static Command Shop()
    {
        var connection = new Option<string>("--connection") { Description = "The shop's PostgreSQL; tables are made where they are missing.", Required = true };
        var orders = new Option<int>("--orders") { Description = "How many orders to make.", DefaultValueFactory = _ => 10_000 };
        var rate = new Option<double>("--rate") { Description = "Orders a second; 0: as fast as it goes." };
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same orders.", DefaultValueFactory = _ => 1 };
        var merchants = new Option<int>("--merchants") { Description = "How many merchants.", DefaultValueFactory = _ => 200 };
        var lateAfter = new Option<TimeSpan>("--late-after") { Description = "Refunds after the mark come this long after the completion.", DefaultValueFactory = _ => TimeSpan.FromSeconds(20) };
        var command = new Command("shop", "Sells: orders that live, are refunded, edited, disputed and deleted.") { connection, orders, rate, seed, merchants, lateAfter };
        command.SetAction((parsed, stop) => CommandLine.GuardAsync(stop, async () =>
        {
            var options = new ShopOptions
            {
                Orders = parsed.GetValue(orders), RatePerSecond = parsed.GetValue(rate), Seed = parsed.GetValue(seed), Merchants = parsed.GetValue(merchants),
                LateAfter = parsed.GetValue(lateAfter),
            };
            var progress = new Progress<ShopProgress>(now => Console.WriteLine($"created {now.Created}, completed {now.Completed}, changed later {now.Edited}, to come {now.ToCome}"));
            var summary = await SandboxShop.RunAsync(options, parsed.GetValue(connection)!, TimeProvider.System, progress, stop);
            Console.WriteLine(summary.ToText());
            return ExitCodes.Done;
        }));
        return command;
    }

    static Command Downstreams()
    {
        var address = new Option<string>("--address") { Description = "Where they listen; 0.0.0.0 lets other machines and containers reach them.", DefaultValueFactory = _ => $"{IPAddress.Loopback}" };
        var port = new Option<int>("--port") { Description = "Port of the control API; the five systems take the five that follow. 0: free ones." };
        var faults = new Option<string>("--faults") { Description = "none, gentle, nasty, or JSON such as {\"systems\":{\"Split\":{\"errorNotDone\":0.1}}}.", DefaultValueFactory = _ => "none" };
        var effects = new Option<string?>("--effects") { Description = "A file that gets every effect, one JSON object a line." };
        var callbacks = new Option<Uri?>("--callbacks") { Description = "The service's address, which is told of effects that are undone: those of the fault returnShare, and by POST returns?key=&reason= of the control API." };
        var secret = new Option<FileInfo?>("--callback-secret-file") { Description = "With what callbacks are signed: Downstreams:*:CallbackSecret of the service." };
        var command = new Command("downstreams", "Hosts the five downstream systems of the contract, with faults to choose.") { address, port, faults, effects, callbacks, secret };
        command.SetAction((parsed, stop) => CommandLine.UntilStoppedAsync(stop, async () =>
        {
            var text = parsed.GetValue(faults)!;
            var plan = text.TrimStart().StartsWith('{') ? FaultPlanJson.Read(text) : FaultPlan.Preset(text);
            var options = new DownstreamsOptions { Address = AddressOf(parsed.GetValue(address)!), Port = parsed.GetValue(port), EffectsFile = parsed.GetValue(effects), Faults = plan };
            await using var systems = await SandboxDownstreams.StartAsync(options, TimeProvider.System, stop);
            using var posts = parsed.GetValue(callbacks) is { } service ? new SandboxCallbacks(service) : null;
            if (posts is not null)
            {
                systems.SendCallbacksBy(posts.PostAsync, SecretOf(parsed.GetValue(secret)));
            }

            foreach (var (leg, url) in systems.BaseUrls)
            {
                Console.WriteLine($"Downstreams__{leg}__BaseUrl={url}");
            }

            Console.WriteLine($"control API: {systems.ControlUrl} (GET effects, GET stats, GET and POST faults, POST returns)");
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            return ExitCodes.Done;
        }));
        return command;
    }

    static string SecretOf(FileInfo? file) => file is { Exists: true }
        ? File.ReadAllText(file.FullName).Trim()
        : throw new UserMistakeException("--callbacks needs --callback-secret-file, a file that exists.");

    static IPAddress AddressOf(string text) => IPAddress.TryParse(text, out var address)
        ? address
        : throw new UserMistakeException($"--address must be an IP address such as 0.0.0.0 (every one of this machine), but is '{text}'.");
}
