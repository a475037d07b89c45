using System.Text;
using System.Text.Json;
using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Downstreams;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Tests.Downstreams;

/// <summary>The systems on real ports, and a client.</summary>
internal sealed class RunningDownstreams : IAsyncDisposable
{
    readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    RunningDownstreams(SandboxDownstreams server) => Server = server;

    public SandboxDownstreams Server { get; }

    public static Task<RunningDownstreams> StartAsync(Leg leg, SystemFaults faults) => StartAsync(FaultPlan.None.With(leg, faults));

    public static async Task<RunningDownstreams> StartAsync(FaultPlan? faults = null, string? file = null) =>
        new(await SandboxDownstreams.StartAsync(new() { Faults = faults ?? FaultPlan.None, EffectsFile = file }, TimeProvider.System));

    public Task<Reply> PostAsync(Leg leg, string key, string body) => SendAsync(HttpMethod.Post, leg, "", body, key);

    public Task<Reply> BatchAsync(Leg leg, string body) => SendAsync(HttpMethod.Post, leg, ":batch", body);

    public Task<Reply> GetAsync(Leg leg, string key) => SendAsync(HttpMethod.Get, leg, "/" + Uri.EscapeDataString(key), null);

    public Task<Reply> PatchAsync(Leg leg, string key, string body) => SendAsync(HttpMethod.Patch, leg, "/" + Uri.EscapeDataString(key), body);

    public async Task<Reply> ControlAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Server.ControlUrl, path));
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await ReadAsync(request);
    }

    async Task<Reply> SendAsync(HttpMethod method, Leg leg, string rest, string? body, string? key = null)
    {
        using var request = new HttpRequestMessage(method, Server.BaseUrls[leg].ToString().TrimEnd('/') + DownstreamNames.Path(leg) + rest);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await ReadAsync(request);
    }

    async Task<Reply> ReadAsync(HttpRequestMessage request)
    {
        using var response = await client.SendAsync(request);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(",", header.Value)));
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await Server.DisposeAsync();
    }

    internal sealed record Reply(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
    {
        public JsonElement Json => JsonDocument.Parse(Body).RootElement;
    }
}
