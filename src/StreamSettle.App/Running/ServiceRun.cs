using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Logging.Console;
using StreamSettle.App.Access;
using StreamSettle.App.Composition;
using StreamSettle.App.Configuration;
using StreamSettle.App.Http;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Running;

/// <summary>Runs the service with its HTTP side until it is stopped or fails. HTTP listens first, so that health answers while the rest starts.</summary>
sealed class ServiceRun(ServiceOptions options, IConfiguration configuration, TimeProvider time, Func<Guid> newId) : IAsyncDisposable
{
    static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    /// <summary>A reader that hangs does not hold up the stop, which ends within 30 s as a whole.</summary>
    static readonly TimeSpan HttpEndsWithin = TimeSpan.FromSeconds(2);

    readonly ServiceHandle handle = new();
    WebApplication? web;

    public SettlementService Service => handle.Service!;

    public ServiceHandle Handle => handle;

    /// <summary>Where it listens.</summary>
    public string Address => web!.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <exception cref="UserMistakeException">The configuration does not work out; nothing is left half-started.</exception>
    public async Task StartAsync(CancellationToken stop)
    {
        // What needs nothing from outside is checked before anything listens.
        RuleFiles.Load(options.RulesDirectory);
        web = Build();
        try
        {
            await ListenAsync(stop);
            handle.Service = await SettlementService.StartAsync(options, newId, time, web.Services.GetRequiredService<ILoggerFactory>(), stop);
        }
        catch
        {
            await CloseAsync();
            throw;
        }

        Logger.Started(string.Join(", ", options.Urls), options.StateDirectory);
    }

    /// <summary>Returns after <paramref name="stop"/>; fails with what stopped the service.</summary>
    public async Task WaitAsync(CancellationToken stop)
    {
        string? told = "";
        while (!stop.IsCancellationRequested && !Service.Completion.IsCompleted)
        {
            var kind = handle.NotReadyKind();
            if (kind != told)
            {
                Tell(handle.NotReady().FirstOrDefault());
                told = kind;
            }

            await Task.WhenAny(Service.Completion, Task.Delay(WatchInterval, time, stop));
        }

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

    static async Task StopListeningAsync(WebApplication web)
    {
        using var patience = new CancellationTokenSource(HttpEndsWithin);
        await web.StopAsync(patience.Token);
    }

    ILogger Logger => web!.Services.GetRequiredService<ILogger<ServiceRun>>();

    void Tell(string? reason)
    {
        if (reason is null)
        {
            Logger.Ready();
        }
        else
        {
            Logger.NotReady(reason);
        }
    }

    WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddConfiguration(configuration);
        builder.WebHost.UseUrls([.. options.Urls.Select(url => url.ToString())]);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
        });
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        }).AddFilter("Microsoft", LogLevel.Warning)
            // What it says of a start that failed is said better, and once, by whoever started it.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            .AddConfiguration(configuration.GetSection("Logging"));
        builder.Services.AddServiceMetrics();
        builder.Services.AddSingleton(handle).AddProblemDetails().AddOpenApi();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default));
        var app = builder.Build();
        Map(app);
        return app;
    }

    void Map(WebApplication app)
    {
        var access = new AccessGate(options.Access);
        app.UseExceptionHandler();
        app.MapHealth(handle);
        app.MapStatus(handle, access);
        app.MapOrders(handle, access);
        app.MapDeadLetters(handle, access);
        app.MapMetrics(access);
        app.MapDashboard();
        app.MapOpenApi().AddEndpointFilter(access.Require(Role.Viewer));
    }

    async Task ListenAsync(CancellationToken stop)
    {
        try
        {
            await web!.StartAsync(stop);
        }
        catch (IOException taken)
        {
            throw new UserMistakeException($"Urls: the service cannot listen on {string.Join(", ", options.Urls)}: {taken.Message} Stop what listens there, or set another address.", taken);
        }
    }
}
