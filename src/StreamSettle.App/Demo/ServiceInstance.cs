using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using StreamSettle.App.Configuration;
using StreamSettle.App.Http;
using StreamSettle.App.Http.Answers;
using StreamSettle.Kernel.Failures;
using StreamSettle.Sandbox.Programs;

namespace StreamSettle.App.Demo;

/// <summary>This program as a process of its own, with the settings that it is given and none of this one's environment. Disposing kills it.</summary>
sealed partial class ServiceInstance : IAsyncDisposable
{
    /// <summary>The line that says where it listens; it is logged whatever else is.</summary>
    const string Listening = "listening at ";

    const string Program = "streamsettle";

    /// <summary>A program of this size takes some seconds of the processor to begin: on a busy machine a minute.</summary>
    static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);

    static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };

    readonly OwnedProgram program;
    readonly string name;

    ServiceInstance(OwnedProgram program, string name) => (this.program, this.name) = (program, name);

    public int ProcessId => program.Id;

    /// <summary>Where it listens; empty until <see cref="ListensAsync"/>.</summary>
    public string Address { get; private set; } = "";

    /// <param name="folder">Of the settings file, and where it works: one without an <c>appsettings.json</c> of somebody else.</param>
    /// <param name="name">Of its settings file, and for messages.</param>
    public static ServiceInstance Start(string folder, string name, IReadOnlyDictionary<string, string?> settings)
    {
        Dictionary<string, string?> all = new(settings) { [$"Logging:LogLevel:{typeof(Running.ServiceRun).FullName}"] = "Information" };
        return new(Run(folder, SettingsFile.Write(folder, name, all), "run"), name);
    }

    /// <summary>Another command of this program, by a settings file; to its end.</summary>
    /// <returns>What it said.</returns>
    /// <exception cref="EnvironmentFailedException">It did not succeed.</exception>
    public static async Task<IReadOnlyList<string>> CommandAsync(string folder, string settingsFile, CancellationToken stop, params string[] command)
    {
        await using var program = Run(folder, settingsFile, command);
        return await program.SucceedAsync(stop);
    }

    /// <summary>Waits until it listens.</summary>
    public async Task ListensAsync(CancellationToken stop) =>
        Address = AddressIn().Match(await program.ReadyAsync(StartPatience, stop) ?? throw program.Ended()).Groups[1].Value;

    /// <returns>Of all instances together; null while it does not answer.</returns>
    /// <exception cref="EnvironmentFailedException">It has ended.</exception>
    public async Task<StatusAnswer?> StatusAsync(CancellationToken stop)
    {
        RequireAlive();
        try
        {
            using var answer = await Http.GetAsync(new Uri($"{Address}/api/v1/status"), stop);
            return answer.IsSuccessStatusCode ? JsonSerializer.Deserialize(await answer.Content.ReadAsStreamAsync(stop), ApiJson.Default.StatusAnswer) : null;
        }
        catch (Exception away) when (away is HttpRequestException or IOException || (away is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <exception cref="EnvironmentFailedException">It has ended.</exception>
    public void RequireAlive()
    {
        if (program.HasExited)
        {
            throw new EnvironmentFailedException($"the instance {name} has stopped by itself: {program.Ended().Message}");
        }
    }

    /// <summary>Ends it as a power cut would (kill -9).</summary>
    public Task KillAsync() => program.KillAsync();

    public ValueTask DisposeAsync() => program.DisposeAsync();

    static OwnedProgram Run(string folder, string settingsFile, params string[] command)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, Program), [.. command, "--config", settingsFile]) { WorkingDirectory = folder };
        string[] roots = [.. ServiceOptionsReader.Keys().Roots];
        foreach (var variable in start.Environment.Keys.Where(key => roots.Contains(key.Split("__")[0].Split(':')[0], StringComparer.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(variable);
        }

        return OwnedProgram.Start(start, Listening);
    }

    [GeneratedRegex($@"{Listening}(http[^\s;,]+)")]
    private static partial Regex AddressIn();
}
