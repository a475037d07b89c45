using System.Text.Json;
using System.Text.Json.Nodes;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Sandbox.Downstreams.Faults;

/// <summary>Faults as a person writes them: <c>{"preset":"gentle","seed":7,"systems":{"Split":{"errorNotDone":0.1}}}</c>; any part may be missing. What a system's part leaves out has its default.</summary>
public static class FaultPlanJson
{
    static readonly string[] Members = ["preset", "seed", "systems"];

    /// <exception cref="UserMistakeException">It is no such JSON, or the plan is not sound.</exception>
    public static FaultPlan Read(string json)
    {
        try
        {
            var written = JsonNode.Parse(json) as JsonObject ?? throw new UserMistakeException("faults are a JSON object");
            if (written.FirstOrDefault(member => !Members.Contains(member.Key)) is { Key: { } unknown })
            {
                throw new UserMistakeException($"faults have no member '{unknown}'; there are {string.Join(", ", Members)}");
            }

            var plan = (written["preset"] is { } preset ? FaultPlan.Preset(preset.GetValue<string>()) : new()) with { Seed = written["seed"]?.GetValue<int>() ?? 1 };
            var systems = new Dictionary<string, SystemFaults>(plan.Systems);
            foreach (var (name, faults) in written["systems"] as JsonObject ?? [])
            {
                systems[name] = WithDefaults(faults as JsonObject ?? []);
            }

            plan = plan with { Systems = systems };
            return plan.Problems("Faults").ToArray() is { Length: > 0 } problems ? throw new UserMistakeException(string.Join(Environment.NewLine, problems)) : plan;
        }
        catch (Exception inner) when (inner is JsonException or InvalidOperationException or FormatException)
        {
            throw new UserMistakeException($"the faults are not understood: {inner.Message}", inner);
        }
    }

    /// <summary>Written over the defaults: generated code would take a missing member for zero.</summary>
    static SystemFaults WithDefaults(JsonObject written)
    {
        var whole = (JsonObject)JsonSerializer.SerializeToNode(new SystemFaults(), SandboxJson.Default.SystemFaults)!;
        foreach (var (name, value) in written)
        {
            whole[name] = value?.DeepClone();
        }

        return whole.Deserialize(SandboxJson.Default.SystemFaults)!;
    }
}
