using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using StreamSettle.App.Checks;
using StreamSettle.App.Composition;
using StreamSettle.App.Configuration;
using StreamSettle.App.Http;
using StreamSettle.App.Projecting;
using StreamSettle.App.Reconciling.Scheduled;
using StreamSettle.App.Watching;
using StreamSettle.Kernel.Failures;
using StreamSettle.Kernel.Time;
using StreamSettle.Settlement.Payouts;

namespace StreamSettle.App.Running;

/// <summary>Runs the service with its HTTP side until it is stopped or fails. HTTP listens first, so that health answers while the rest starts.</summary>
sealed class ServiceRun(ServiceOptions options, IConfiguration configuration, TimeProvider time, Func<Guid> newId) : IAsyncDisposable
{
    /// <summary>A reader that hangs does not hold up the stop, which ends within 30 s as a whole.</summary>
    static readonly TimeSpan HttpEndsWithin = TimeSpan.FromSeconds(2);

    readonly ServiceHandle handle = new();
    WebApplication? web;

    public SettlementService Service => handle.Service!;

    public ServiceHandle Handle => handle;

    /// <summary>Where it listens: the first of <c>Urls</c>, with the port that the system gave where that is 0.</summary>
    public string Address => Addresses.First();

    /// <exception cref="UserMistakeException">The configuration does not work out; nothing is left half-started.</exception>
    public async Task StartAsync(CancellationToken stop)
    {
        FileRights.OwnerOnly();

        // What needs nothing from outside is checked before anything listens.
        var rules = RuleFiles.Load(options.RulesDirectory);
        web = ServiceWeb.Build(options.Urls, options.Access, configuration, handle);
        try
        {
            await UrlCheck.ListenAsync(web, options.Urls, stop);
            Logger.Listening(Urls);
            var started = options.Transport is TransportOptions.Kafka kafka ? options with { Transport = kafka.ListeningAt(Address) } : options;
            handle.Service = await SettlementService.StartAsync(started, newId, time, web.Services.GetRequiredService<ILoggerFactory>(), TellWait, stop);
        }
        catch
        {
            await CloseAsync();
            throw;
        }

        foreach (var (_, gap) in CalendarCoverage.Gaps(rules, UtcInstant.Now(time)))
        {
            Logger.CalendarGap(gap);
        }

        if (options.NotUsed.Count > 0)
        {
            Logger.NotUsed(string.Join(", ", options.NotUsed));
        }

        foreach (var note in options.Notes)
        {
            Logger.Note(note);
        }

        if (options.Seal is { } seal)
        {
            Logger.Sealing(seal.Key.Id, seal.Interval, seal.Events);
        }
        else
        {
            Logger.WithoutSeals();
        }

        if (options.Keys.Current is { } master)
        {
            Logger.Encrypting(master.Id);
        }
        else
        {
            Logger.WithoutEncryption(options.Keys.IsOff ? "off" : "not set");
        }

        if (options.Notary is { } notary)
        {
            Logger.Notarising(string.Join(" and ", notary.Names), notary.ToString());
        }

        Logger.Started(Urls, options.StateDirectory);
        handle.Watch = ServiceWatch.Start(Service, web.Services.GetRequiredService<ILogger<ServiceWatch>>(), time);
        if (options.Projections.Run.Count > 0)
        {
            handle.Projections = ProjectionRunner.Start(options.Projections, time, web.Services.GetRequiredService<ILogger<ProjectionRunner>>());
        }

        if (options.Reconcile.Every is not null)
        {
            handle.Reconcile = ScheduledReconcile.Start(options, Service.EventLog, () => handle.NotReady().Count == 0, time, web.Services.GetRequiredService<ILogger<ScheduledReconcile>>());
        }
    }

    /// <summary>Returns after <paramref name="stop"/>; fails with what stopped the service.</summary>
    public async Task WaitAsync(CancellationToken stop)
    {
        await Task.WhenAny(Service.Completion, Task.Delay(Timeout.InfiniteTimeSpan, time, stop));
        if (!stop.IsCancellationRequested)
        {
            await Service.Completion;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (web is null)
        {
            return;
        }

        Logger.Stopping();
        await StopListeningAsync(web);
        if (handle.Reconcile is { } reconcile)
        {
            await reconcile.DisposeAsync();
        }

        if (handle.Projections is { } projections)
        {
            await projections.DisposeAsync();
        }

        await handle.Watch!.DisposeAsync();
        await Service.DisposeAsync();
        Logger.Stopped();
        await CloseAsync();
    }

    /// <summary>Requests that are being answered end first: they use what is disposed of then.</summary>
    async Task CloseAsync()
    {
        await StopListeningAsync(web!);
        await web!.DisposeAsync();
        web = null;
    }

    /// <summary>Said once for each reason.</summary>
    void TellWait(string? reason)
    {
        if (reason is not null && reason != handle.StartWaits)
        {
            Logger.StartWaits(FailureText.OneLine(reason));
        }

        handle.StartWaits = reason;
    }

    static async Task StopListeningAsync(WebApplication web)
    {
        using var patience = new CancellationTokenSource(HttpEndsWithin);
        await web.StopAsync(patience.Token);
    }

    string Urls => string.Join(", ", Addresses);

    ICollection<string> Addresses => web!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    ILogger Logger => web!.Services.GetRequiredService<ILogger<ServiceRun>>();
}
