using StreamSettle.App.Configuration;
using StreamSettle.App.Http.Answers;
using StreamSettle.App.Running;
using StreamSettle.Sandbox.Auditing;

namespace StreamSettle.App.Demo;

/// <summary>The service in this process, with the embedded log: the default.</summary>
sealed class EmbeddedDemoService : IDemoService
{
    readonly ServiceRun run;

    EmbeddedDemoService(ServiceRun run) => this.run = run;

    public string Address => run.Address;

    public string News => "";

    public IReadOnlyDictionary<string, string?> ForCommands { get; } = new Dictionary<string, string?>();

    public AuditOptions Tolerance { get; } = new() { Grace = DemoOptions.Grace };

    public bool IsAtRest => run.Service.Streams.Metrics().Threads.SelectMany(thread => thread.Tasks).SelectMany(task => task.Partitions).All(partition => partition.Lag == 0);

    public static async Task<EmbeddedDemoService> StartAsync(DemoWorld world, TimeProvider time, CancellationToken stop)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(world.Settings("state", DemoWorld.UsualUrl())).Build();
        var run = new ServiceRun(ServiceOptionsReader.Read(configuration), configuration, time, Guid.CreateVersion7);
        await run.StartAsync(stop);
        return new(run);
    }

    public IEnumerable<string> Looks(string settingsFile) => [];

    public async Task<StatusAnswer?> StatusAsync(CancellationToken stop)
    {
        if (run.Service.Completion.IsCompleted)
        {
            await run.Service.Completion;
        }

        return new StatusReader(run.Service, run.Handle).Read();
    }

    public Task WaitAsync(CancellationToken stop) => run.WaitAsync(stop);

    public ValueTask DisposeAsync() => run.DisposeAsync();
}
