using System.Net;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Storms;

/// <summary>Looks after the service as an init system does: starts it again when it has ended.</summary>
sealed class Keeper(World world) : IAsyncDisposable
{
    const int Mistake = 1;
    const int EnvironmentFailed = 3;

    /// <summary>A killed one may meet a source that refuses it; then it says so and ends, and is started again until it stays.</summary>
    bool wasKilled;

    ServiceProcess service = world.Run();
    string refusal = "";

    public ServiceProcess Service => service;

    /// <summary>What it said last, for messages.</summary>
    public string Tail => $"{service.Tail}\n{refusal}";

    /// <summary>Kills it at once; it is started again when somebody looks at it.</summary>
    public async Task KillAsync()
    {
        wasKilled = true;
        service.Kill();
        await service.ExitAsync();
    }

    /// <summary>It answers, is not ready, and says why; or it refused to start, with a message.</summary>
    public async Task<bool> IsBlindAsync()
    {
        if (service.HasExited)
        {
            return await StartAgainAsync();
        }

        var (status, text) = await service.AskAsync("/health/ready");
        Assert.True(status != HttpStatusCode.ServiceUnavailable || text.Length > "{}".Length, "it is not ready and does not say why");
        return status == HttpStatusCode.ServiceUnavailable;
    }

    public async Task<bool> IsReadyAsync()
    {
        if (service.HasExited)
        {
            await StartAgainAsync();
        }

        var ready = await service.IsReadyAsync();
        wasKilled &= !ready;
        return ready;
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    /// <returns>True when it had refused to start.</returns>
    async Task<bool> StartAgainAsync()
    {
        var code = await service.ExitAsync();
        var refused = code is Mistake or EnvironmentFailed;
        Assert.True(wasKilled && (refused || code > 128), $"the service ended by itself with {code}:\n{Tail}");
        Assert.False(refused && service.Errors.Length == 0, $"it refused to start with {code} and without a word");
        refusal = refused ? $"a start was refused with {code}: {service.Errors}" : "";
        await service.DisposeAsync();
        service = world.Run();
        return refused;
    }
}
