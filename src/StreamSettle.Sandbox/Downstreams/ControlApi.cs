using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Downstreams.Effects;
using StreamSettle.Sandbox.Downstreams.Faults;

namespace StreamSettle.Sandbox.Downstreams;

/// <summary>What the people around the systems see: effects, counters, and the faults to choose.</summary>
internal sealed class ControlApi(SandboxDownstreams downstreams)
{
    const int DefaultPage = 1000;
    const int LargestPage = 10_000;

    public Task HandleAsync(HttpContext context, string path) => (context.Request.Method, path) switch
    {
        ("GET", "/effects") => EffectsAsync(context),
        ("GET", "/stats") => JsonAsync(context, 200, JsonSerializer.SerializeToUtf8Bytes(downstreams.Stats(), SandboxJson.Default.IReadOnlyListDownstreamStats)),
        ("GET", "/faults") => JsonAsync(context, 200, JsonSerializer.SerializeToUtf8Bytes(downstreams.Faults, SandboxJson.Default.FaultPlan)),
        ("POST", "/faults") => FaultsAsync(context),
        ("POST", "/returns") => ReturnAsync(context),
        _ => ErrorAsync(context, 404, "there are GET /effects?after=&limit=&system=, GET /stats, GET and POST /faults, POST /returns?key=&reason="),
    };

    async Task EffectsAsync(HttpContext context)
    {
        var query = context.Request.Query;
        long Number(string name, long otherwise) => long.TryParse(query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
        Leg? system = LegNames.TryParse(query["system"].ToString(), out var leg) ? leg : null;
        var after = Number("after", 0);
        var page = downstreams.Effects.Read(after, (int)Math.Min(LargestPage, Number("limit", DefaultPage)), system);
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.Body);
        json.WriteStartObject();
        json.WriteNumber("next", page.Count > 0 ? page[^1].Sequence : after);
        json.WriteNumber("total", downstreams.Effects.Count);
        json.WriteStartArray("effects");
        foreach (var entry in page)
        {
            EffectJson.Write(json, entry);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(context.RequestAborted);
    }

    async Task FaultsAsync(HttpContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.Body);
            downstreams.Apply(FaultPlanJson.Read(await reader.ReadToEndAsync(context.RequestAborted)));
            await JsonAsync(context, 200, JsonSerializer.SerializeToUtf8Bytes(downstreams.Faults, SandboxJson.Default.FaultPlan));
        }
        catch (UserMistakeException mistake)
        {
            await ErrorAsync(context, 400, mistake.Message);
        }
    }

    Task ReturnAsync(HttpContext context)
    {
        var (key, reason) = (context.Request.Query["key"].ToString(), context.Request.Query["reason"].ToString());
        return reason.Length > 0 && downstreams.Return(key, reason)
            ? JsonAsync(context, 202, "{}"u8.ToArray())
            : ErrorAsync(context, 404, $"no system has an effect with the key '{key}', or no reason was given");
    }

    static Task ErrorAsync(HttpContext context, int status, string problem) => JsonAsync(context, status, Calls.AnswerBody.Error("not_understood", problem));

    static async Task JsonAsync(HttpContext context, int status, byte[] body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
