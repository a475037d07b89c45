using System.Diagnostics;
using Spectre.Console;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Sandbox.Shop;

namespace StreamSettle.App.Demo;

/// <summary>One demo: the world, the service on one of its two roads, live progress, and at the end the auditor's judgement.</summary>
sealed class DemoRun(DemoOptions options, TimeProvider time)
{
    /// <summary>A new shop counts from 1.</summary>
    const int AnOrder = 1;

    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    /// <summary>How long nothing may be left to do before all counts as settled: a refund is known some two seconds before its transaction is known to be whole, and waits uncounted.</summary>
    static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    readonly long began = time.GetTimestamp();
    ShopProgress sold = new(0, 0, 0, 0);

    /// <returns>0 when every invariant holds.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        Console.WriteLine($"starting a private PostgreSQL, {(options.Kafka is null ? "" : "Kafka, ")}a shop, and five downstream systems that misbehave a little ...");
        await using var world = await DemoWorld.StartAsync(stop);
        await using IDemoService service = options.Kafka is { } kafka
            ? await KafkaDemoService.StartAsync(world, kafka, options.Orders, time, stop)
            : await EmbeddedDemoService.StartAsync(world, time, stop);
        Show(service, world);
        var shop = world.SellAsync(options.Orders, new Latest(progress => sold = progress), stop);
        var settled = await FollowAsync(service, shop, stop);
        var code = settled is null ? ExitCodes.Done : await SummaryAsync(world, service, settled, await shop, stop);
        if (settled is null || options.Exit)
        {
            return code;
        }

        Console.WriteLine($"The service goes on at {service.Address}; Ctrl-C stops it.");
        await service.WaitAsync(stop);
        return code;
    }

    /// <returns>The status when all is settled; null when it was stopped before.</returns>
    async Task<StatusAnswer?> FollowAsync(IDemoService service, Task<ShopSummary> shop, CancellationToken stop)
    {
        await using var progress = DemoProgress.Start(options.Orders, time);
        var quietSince = time.GetTimestamp();
        var before = (0L, 0L);
        while (!stop.IsCancellationRequested)
        {
            if (await service.StatusAsync(stop) is { } status)
            {
                progress.Show(sold, status, service.News);
                var now = (status.Source.Changes, status.Audit.Events);
                quietSince = shop.IsCompleted && now == before && NothingLeft(status) && service.IsAtRest ? quietSince : time.GetTimestamp();
                before = now;
                if (time.GetElapsedTime(quietSince) >= Quiet)
                {
                    return status;
                }
            }

            await Task.WhenAny(Task.Delay(Tick, time, stop));
        }

        return null;
    }

    static bool NothingLeft(StatusAnswer status) =>
        status.Ready && status.Flow.Scheduled == 0 && status.Flow.DueNow == 0 && status.Audit is { LagEvents: 0, State: "ok" }
        && status.Flow.ReversalsCompleted + status.DeadLetters >= status.Flow.ReversalsRequested
        && status.Downstreams.All(system => system.InFlight + system.Waiting + system.Retrying + system.Unknown == 0);

    async Task<int> SummaryAsync(DemoWorld world, IDemoService service, StatusAnswer status, ShopSummary shop, CancellationToken stop)
    {
        var took = time.GetElapsedTime(began);
        Console.WriteLine("auditing: source, downstreams' effects and event log, by code that shares nothing with the product ...");
        var report = await world.AuditAsync(service.Tolerance, stop);
        DemoSummary.Show(report, shop, status, world.Downstreams.Stats(), new(service.News, took));
        return report.IsSound && report.Findings.Count > 0 ? ExitCodes.Done : ExitCodes.Found;
    }

    void Show(IDemoService service, DemoWorld world)
    {
        var (address, settingsFile) = (service.Address, world.WriteSettingsFile(service.Address, service.ForCommands));
        AnsiConsole.MarkupLineInterpolated($"dashboard: [bold green]{address}[/]");

        // Not by Spectre: it would break lines that are there to be copied.
        Console.WriteLine("while it runs, from another terminal:");
        Console.WriteLine($"  ./streamsettle order {AnOrder} --config {settingsFile}");
        Console.WriteLine($"  ./streamsettle dead-letters list --url {address}");
        Console.WriteLine($"  ./streamsettle dead-letters replay ID --url {address} --key {world.Key}");
        foreach (var look in service.Looks(settingsFile))
        {
            Console.WriteLine($"  {look}");
        }

        if (options.Browser && OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } && File.Exists("/usr/bin/xdg-open"))
        {
            using var browser = Process.Start(new ProcessStartInfo("/usr/bin/xdg-open", address) { RedirectStandardError = true, RedirectStandardOutput = true });
        }
    }

    sealed class Latest(Action<ShopProgress> take) : IProgress<ShopProgress>
    {
        public void Report(ShopProgress value) => take(value);
    }
}
