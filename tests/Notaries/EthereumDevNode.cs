using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using StreamSettle.Tests.Links;

namespace StreamSettle.Tests.Notaries;

/// <summary>A real Ethereum development node with a chain of its own (<c>tests/ethereum-node</c>). Not installed: skipped at a desk, failed under CI=true.</summary>
sealed class EthereumDevNode : IAsyncDisposable
{
    /// <summary>As its configuration says.</summary>
    public const long ChainId = 31337;

    static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    readonly HttpClient http = new();
    readonly string folder;
    Process? process;

    EthereumDevNode(string folder, int port) => (this.folder, Url) = (folder, new($"http://127.0.0.1:{port}"));

    public Uri Url { get; }

    /// <summary>It holds their keys.</summary>
    public IReadOnlyList<string> Accounts { get; private set; } = [];

    public static async Task<EthereumDevNode> StartAsync()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "tests", "ethereum-node", "package.json")))
        {
            root = root.Parent;
        }

        var folder = Path.Combine(root!.FullName, "tests", "ethereum-node");
        if (!Directory.Exists(Path.Combine(folder, "node_modules", "hardhat")))
        {
            throw ServiceMissing.Tell("the Ethereum node is not installed: run tests/install-ethereum-node, which needs npm");
        }

        var node = new EthereumDevNode(folder, FreePort.Find());
        try
        {
            await node.RunAsync();
            node.Accounts = [.. (await node.CallAsync("eth_accounts"))!.AsArray().Select(one => one!.GetValue<string>())];
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it, with a chain that is empty.</summary>
    public async Task RunAsync()
    {
        var start = new ProcessStartInfo("node", [Path.Combine("node_modules", "hardhat", "internal", "cli", "cli.js"), "node", "--hostname", "127.0.0.1", "--port", $"{Url.Port}"])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            Environment = { ["HARDHAT_DISABLE_TELEMETRY_PROMPT"] = "true" },
        };
        var started = new TaskCompletionSource();
        process = new() { StartInfo = start, EnableRaisingEvents = true };
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, line) => Started(line.Data, started);
        process.Exited += (_, _) => started.TrySetResult();
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await started.Task.WaitAsync(Bound);
        if (process.HasExited)
        {
            throw new InvalidOperationException($"the Ethereum node ended with {process.ExitCode}");
        }
    }

    /// <summary>As a machine that lost power.</summary>
    public async Task KillAsync()
    {
        process!.Kill(entireProcessTree: true);
        await process.WaitForExitAsync().WaitAsync(Bound);
        process.Dispose();
        process = null;
    }

    /// <exception cref="InvalidOperationException">It refuses.</exception>
    public async Task<JsonNode?> CallAsync(string method, params JsonNode?[] parameters)
    {
        using var answer = await http.PostAsJsonAsync(Url, new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = new JsonArray(parameters) });
        var said = await answer.Content.ReadFromJsonAsync<JsonNode>();
        return said!["error"] is { } error ? throw new InvalidOperationException($"{method}: {error.ToJsonString()}") : said["result"];
    }

    public Task MineAsync(int blocks) => CallAsync("hardhat_mine", $"0x{blocks:x}");

    /// <summary>Whether transactions come into a block by themselves.</summary>
    public Task AutomineAsync(bool isOn) => CallAsync("evm_setAutomine", isOn);

    /// <summary>All that the chain has carried so far in transactions to whom it may concern, in its order.</summary>
    public async Task<List<string>> InputsAsync()
    {
        List<string> found = [];
        var newest = Convert.ToInt64((await CallAsync("eth_blockNumber"))!.GetValue<string>(), 16);
        for (var block = 0L; block <= newest; block++)
        {
            found.AddRange((await CallAsync("eth_getBlockByNumber", $"0x{block:x}", true))!["transactions"]!.AsArray().Select(one => one!["input"]!.GetValue<string>()));
        }

        return found;
    }

    static void Started(string? line, TaskCompletionSource started)
    {
        if (line?.Contains("Started HTTP", StringComparison.Ordinal) == true)
        {
            started.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        if (process is not null)
        {
            await KillAsync();
        }
    }
}
