using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Downstreams.Callbacks;

/// <summary>
/// Undoes effects and tells the service so by signed callbacks (contract/downstreams.md, "Callbacks"), each again until it is answered well: the other side of the service's endpoint, which
/// shares no code with it. How a request is made is for whoever hosts the systems.
/// </summary>
internal sealed class CallbackSender(EffectLog log, TimeProvider time) : IAsyncDisposable
{
    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    readonly CancellationTokenSource stopping = new();
    readonly TaskCompletionSource<(CallbackPost Post, byte[] Secret)> target = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Lock gate = new();
    readonly List<Task> telling = [];
    long told;

    /// <summary>Callbacks that were answered well.</summary>
    public long Told => Interlocked.Read(ref told);

    /// <summary>From now on, and for what was undone before: that may have been told already.</summary>
    public void SendBy(CallbackPost post, string secret)
    {
        if (!target.TrySetResult((post, Encoding.UTF8.GetBytes(secret))))
        {
            return;
        }

        foreach (var undone in log.Snapshot().Where(entry => entry.Outcome == EffectOutcome.Returned))
        {
            Start(TellAsync(undone.System, undone.Key, "told again after a restart", undone.ArrivedAt));
        }
    }

    /// <summary>Undoes an accepted effect after a while.</summary>
    public void Undo(Leg leg, string key, KnownCall call, string reason, TimeSpan after) => Start(UndoAsync(leg, key, (call.Receipt!, call.Body), reason, after));

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        Task[] running;
        lock (gate)
        {
            running = [.. telling];
        }

        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    void Start(Task task)
    {
        lock (gate)
        {
            telling.RemoveAll(done => done.IsCompleted);
            telling.Add(task);
        }
    }

    async Task UndoAsync(Leg leg, string key, (string Receipt, byte[] Body) call, string reason, TimeSpan after)
    {
        // Never before what is under way here has ended.
        await Task.Delay(after, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var now = UtcInstant.Now(time);
        log.Append(leg, new(key, now, FaultKind.None), EffectOutcome.Returned, 0, call.Receipt, call.Body);
        log.Flush();
        await TellAsync(leg, key, reason, now);
    }

    async Task TellAsync(Leg leg, string key, string reason, UtcInstant at)
    {
        var (post, secret) = await target.Task.WaitAsync(stopping.Token);
        var body = BodyOf(key, reason, at);
        for (var pause = FirstPause; !await post($"/api/callbacks/{leg.Name()}", body, Sign(body, secret), stopping.Token); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, time, stopping.Token);
        }

        Interlocked.Increment(ref told);
    }

    string Sign(byte[] body, byte[] secret)
    {
        var signedAt = (UtcInstant.Now(time).Microseconds / 1_000_000).ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes(signedAt + "."), .. body];
        return $"t={signedAt},v1={Convert.ToHexStringLower(HMACSHA256.HashData(secret, signed))}";
    }

    static byte[] BodyOf(string key, string reason, UtcInstant at)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("key", key);
            json.WriteString("state", "RETURNED");
            json.WriteString("reason", reason);
            json.WriteString("at", at.ToString());
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
