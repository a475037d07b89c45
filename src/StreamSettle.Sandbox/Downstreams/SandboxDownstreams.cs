using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Downstreams.Callbacks;
using StreamSettle.Sandbox.Downstreams.Calls;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Downstreams;

/// <summary>The five downstream systems of the contract on this machine, each at its own port, and a control API at a sixth: <c>GET /effects</c>, <c>GET /stats</c>, <c>GET</c> and <c>POST /faults</c>.</summary>
public sealed class SandboxDownstreams : IAsyncDisposable
{
    readonly TimeProvider time;
    readonly DownstreamSystem[] systems;
    readonly CallbackSender callbacks;
    readonly ControlApi control;
    readonly WebApplication app;
    readonly CancellationTokenSource stopping = new();

    SandboxDownstreams(DownstreamsOptions options, TimeProvider time)
    {
        this.time = time;
        Effects = new(options.EffectsFile);
        callbacks = new(Effects, time);
        systems = [.. DownstreamNames.Legs.Select(leg => new DownstreamSystem(leg, Effects, callbacks, time))];
        control = new(this);
        app = Build(options);
        Apply(options.Faults);
    }

    /// <summary>By leg; <c>leg.ToString()</c> is the name in configuration (<c>Downstreams:Split:BaseUrl</c>).</summary>
    public IReadOnlyDictionary<Leg, Uri> BaseUrls { get; private set; } = new Dictionary<Leg, Uri>();

    public Uri ControlUrl { get; private set; } = new("http://127.0.0.1");

    /// <summary>The base URLs as the program's configuration wants them.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Configuration => BaseUrls.Select(url => KeyValuePair.Create($"Downstreams:{url.Key}:BaseUrl", (string?)url.Value.ToString()));

    /// <summary>Everything that arrived, for the auditor in the same process.</summary>
    public EffectLog Effects { get; }

    /// <summary>Faults in force now.</summary>
    public FaultPlan Faults { get; private set; } = FaultPlan.None;

    /// <summary>Starts the systems; they answer when this returns.</summary>
    /// <exception cref="UserMistakeException">Options out of range.</exception>
    /// <exception cref="EnvironmentFailedException">A port is taken.</exception>
    public static async Task<SandboxDownstreams> StartAsync(DownstreamsOptions options, TimeProvider time, CancellationToken cancellation = default)
    {
        if (options.Problems("Downstreams").ToArray() is { Length: > 0 } problems)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, problems));
        }

        var started = new SandboxDownstreams(options, time);
        try
        {
            await started.app.StartAsync(cancellation);
        }
        catch (IOException taken)
        {
            await started.DisposeAsync();
            throw new EnvironmentFailedException($"the sandbox's downstream systems did not start: {taken.Message}", taken);
        }

        var urls = started.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address)).ToArray();
        started.ControlUrl = urls[0];
        started.BaseUrls = DownstreamNames.Legs.Zip(urls.Skip(1)).ToDictionary();
        return started;
    }

    /// <summary>Puts faults in force; a system that the plan does not name stays as it is.</summary>
    /// <exception cref="UserMistakeException">The plan is not sound.</exception>
    public void Apply(FaultPlan plan)
    {
        if (plan.Problems("Faults").ToArray() is { Length: > 0 } problems)
        {
            throw new UserMistakeException(string.Join(Environment.NewLine, problems));
        }

        foreach (var system in systems)
        {
            if (plan.Systems.TryGetValue(system.Leg.ToString(), out var faults))
            {
                system.Apply(plan.Seed, faults);
                Faults = Faults.With(system.Leg, faults) with { Seed = plan.Seed };
            }
        }
    }

    /// <summary>How the service is told of effects that are undone, and what callbacks are signed with. Once.</summary>
    public void SendCallbacksBy(CallbackPost post, string secret) => callbacks.SendBy(post, secret);

    /// <summary>Callbacks that were answered well so far.</summary>
    public long CallbacksTold => callbacks.Told;

    /// <summary>Undoes an effect now, and tells the service; false where there is no such effect.</summary>
    public bool Return(string key, string reason) => systems.Any(system => system.Undo(key, reason));

    /// <summary>What each system counted.</summary>
    public IReadOnlyList<DownstreamStats> Stats() => [.. systems.Select(system => system.Counters.Read(system.Leg.ToString()))];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await callbacks.DisposeAsync();
        await app.DisposeAsync();
        Effects.Dispose();
        stopping.Dispose();
    }

    WebApplication Build(DownstreamsOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            for (var at = 0; at <= DownstreamNames.Legs.Count; at++)
            {
                kestrel.Listen(options.Address, options.Port == 0 ? 0 : options.Port + at, listen => listen.Protocols = HttpProtocols.Http1);
            }
        });
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        var built = builder.Build();
        built.Run(HandleAsync);
        return built;
    }

    /// <summary>Paths tell systems apart as well as ports do, so the path alone decides.</summary>
    async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        try
        {
            foreach (var system in systems)
            {
                var own = DownstreamNames.Path(system.Leg);
                if (path.StartsWith(own, StringComparison.Ordinal) && (path.Length == own.Length || path[own.Length] is '/' or ':'))
                {
                    await new SystemRequest(system, Effects, time, stopping.Token).HandleAsync(context, path[own.Length..]);
                    return;
                }
            }

            await control.HandleAsync(context, path);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller gave up, as callers do.
        }
    }
}
