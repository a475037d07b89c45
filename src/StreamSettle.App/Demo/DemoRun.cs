using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Spectre.Console;
using StreamSettle.App.Configuration;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Sandbox.Shop;

namespace StreamSettle.App.Demo;

/// <summary>One demo: the world, the service, live progress, and at the end the auditor's judgement.</summary>
sealed class DemoRun(DemoOptions options, TimeProvider time)
{
    const int UsualPort = 8787;

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
        Console.WriteLine("starting a private PostgreSQL, a shop, and five downstream systems that misbehave a little ...");
        await using var world = await DemoWorld.StartAsync(stop);
        var configuration = world.Settings($"http://127.0.0.1:{(IsFree(UsualPort) ? UsualPort : 0)}");
        var service = new ServiceRun(ServiceOptionsReader.Read(configuration), configuration, time, Guid.CreateVersion7);
        await using (service)
        {
            await service.StartAsync(stop);
            world.WriteSettingsFile(service.Address);
            Show(service.Address, world);
            var shop = world.SellAsync(options.Orders, new Latest(progress => sold = progress), stop);
            var settled = await FollowAsync(service, shop, stop);
            var code = settled ? await SummaryAsync(world, service, await shop, stop) : ExitCodes.Done;
            if (!settled || options.Exit)
            {
                return code;
            }

            Console.WriteLine($"The service goes on at {service.Address}; Ctrl-C stops it.");
            await service.WaitAsync(stop);
            return code;
        }
    }

    /// <returns>True when all is settled, false when it was stopped before.</returns>
    async Task<bool> FollowAsync(ServiceRun service, Task<ShopSummary> shop, CancellationToken stop)
    {
        await using var progress = DemoProgress.Start(options.Orders, time);
        var quietSince = time.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            var status = new StatusReader(service.Service, service.Handle).Read();
            progress.Show(sold, status);
            quietSince = shop.IsCompleted && NothingLeft(service, status) ? quietSince : time.GetTimestamp();
            if (time.GetElapsedTime(quietSince) >= Quiet)
            {
                return true;
            }

            var ended = await Task.WhenAny(service.Service.Completion, Task.Delay(Tick, time, stop));
            if (ended == service.Service.Completion)
            {
                await ended;
            }
        }

        return false;
    }

    static bool NothingLeft(ServiceRun service, StatusAnswer status) =>
        status.Ready && status.Flow.Scheduled == 0 && status.Flow.DueNow == 0 && status.Audit is { LagEvents: 0, State: "ok" }
        && status.Flow.ReversalsCompleted + status.DeadLetters >= status.Flow.ReversalsRequested
        && status.Downstreams.All(system => system.InFlight + system.Waiting + system.Retrying + system.Unknown == 0)
        && service.Service.Streams.Metrics().Threads.SelectMany(thread => thread.Tasks).SelectMany(task => task.Partitions).All(partition => partition.Lag == 0);

    async Task<int> SummaryAsync(DemoWorld world, ServiceRun service, ShopSummary shop, CancellationToken stop)
    {
        var took = time.GetElapsedTime(began);
        var status = new StatusReader(service.Service, service.Handle).Read();
        Console.WriteLine("auditing: source, downstreams' effects and event log, by code that shares nothing with the product ...");
        var report = await world.AuditAsync(stop);
        DemoSummary.Show(report, shop, status, world.Downstreams.Stats(), took);
        return report.IsSound && report.Findings.Count > 0 ? ExitCodes.Done : ExitCodes.Found;
    }

    void Show(string address, DemoWorld world)
    {
        AnsiConsole.MarkupLineInterpolated($"dashboard: [bold green]{address}[/]");

        // Not by Spectre: it would break lines that are there to be copied.
        Console.WriteLine("while it runs, from another terminal:");
        Console.WriteLine($"  ./streamsettle order {AnOrder} --config {world.SettingsFile}");
        Console.WriteLine($"  ./streamsettle dead-letters list --url {address}");
        Console.WriteLine($"  ./streamsettle dead-letters replay ID --url {address} --key {world.Key}");
        if (options.Browser && OperatingSystem.IsLinux() && Environment.GetEnvironmentVariable("DISPLAY") is { Length: > 0 } && File.Exists("/usr/bin/xdg-open"))
        {
            using var browser = Process.Start(new ProcessStartInfo("/usr/bin/xdg-open", address) { RedirectStandardError = true, RedirectStandardOutput = true });
        }
    }

    /// <summary>While another has the usual port, the system gives one.</summary>
    static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    sealed class Latest(Action<ShopProgress> take) : IProgress<ShopProgress>
    {
        public void Report(ShopProgress value) => take(value);
    }
}
