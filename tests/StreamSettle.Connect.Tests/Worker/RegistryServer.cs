using System.Globalization;
using StreamSettle.Kafka.Tests.Broker;
using StreamSettle.Sandbox.Programs;
using StreamSettle.Tests.Links;
using Xunit;

namespace StreamSettle.Connect.Tests.Worker;

/// <summary>A real schema registry, Apicurio's, which keeps its schemas in memory: whoever wants it away cuts a link to it. It lies beside the plugins of Connect.</summary>
sealed class RegistryServer : IAsyncDisposable
{
    const string Program = "apicurio-registry-app-*-runner.jar";

    static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120);

    readonly OwnedProgram program;

    RegistryServer(OwnedProgram program, int port) => (this.program, Port) = (program, port);

    public int Port { get; }

    /// <summary>As Apicurio's converter wants it.</summary>
    public string NativeUrl => Address(Port, "registry/v2");

    /// <summary>As Confluent's client wants it.</summary>
    public string Url => UrlAt(Port);

    /// <param name="port">Of whatever leads to it.</param>
    public static string UrlAt(int port) => Address(port, "ccompat/v7");

    /// <summary>Skips the test where there is none.</summary>
    public static async Task<RegistryServer> StartAsync(KafkaBroker broker)
    {
        _ = broker.Bootstrap;
        var folder = Path.GetFullPath(Path.Combine(broker.Plugins ?? "", "..", "registry"));
        var file = broker.Plugins is not null && Directory.Exists(folder) ? Directory.EnumerateFiles(folder, Program).FirstOrDefault() : null;
        Assert.SkipWhen(file is null, $"no schema registry: there is no {Program} in {folder}");
        var port = FreePort.Find();
        var program = OwnedProgram.Start(
            new("java", ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dquarkus.http.host=127.0.0.1", string.Create(CultureInfo.InvariantCulture, $"-Dquarkus.http.port={port}"), "-jar", file!]),
            "Listening on");
        var server = new RegistryServer(program, port);
        try
        {
            Assert.True(await program.ReadyAsync(StartPatience, TestContext.Current.CancellationToken) is not null, program.HasExited ? program.Ended().Message : "");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its schemas, as the service asks for them.</summary>
    public PatientSchemas OpenSchemas() => new(new(new() { Client = new Dictionary<string, string> { ["schema.registry.url"] = Url } }, TimeProvider.System));

    public ValueTask DisposeAsync() => program.DisposeAsync();

    static string Address(int port, string path) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/apis/{path}");
}
