using System.Diagnostics;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Sandbox.Postgres;

/// <summary>Runs PostgreSQL's programs as a user that they accept: they refuse to run as root.</summary>
internal sealed class ServerPrograms
{
    const string ServerUser = "postgres";
    static readonly string[] SwitchFolders = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"];

    readonly string folder;
    readonly string[] asUser;

    public ServerPrograms(string folder)
    {
        this.folder = folder;
        asUser = Environment.IsPrivilegedProcess ? SwitchUser() : [];
    }

    /// <summary>True when another user than ours runs the server, so that its files must be handed over.</summary>
    public bool OtherUser => asUser.Length > 0;

    /// <exception cref="EnvironmentFailedException">It ended with another code than 0.</exception>
    public async Task RunAsync(string program, IReadOnlyList<string> arguments, string workingDirectory, CancellationToken cancellation)
    {
        var (code, output) = await TryRunAsync([.. asUser, Path.Combine(folder, program), .. arguments], workingDirectory, cancellation);
        if (code != 0)
        {
            throw new EnvironmentFailedException($"{program} ended with {code}: {output.Trim()}");
        }
    }

    public async Task<bool> SucceedsAsync(string program, IReadOnlyList<string> arguments, string workingDirectory, CancellationToken cancellation) =>
        (await TryRunAsync([.. asUser, Path.Combine(folder, program), .. arguments], workingDirectory, cancellation)).Code == 0;

    /// <summary>Gives <paramref name="path"/> to the server's user and makes sure that it gets there.</summary>
    /// <exception cref="UserMistakeException">A folder above is closed to that user.</exception>
    public async Task HandOverAsync(string path, CancellationToken cancellation)
    {
        if (!OtherUser)
        {
            return;
        }

        await TryRunAsync(["chown", $"{ServerUser}:", path], "/", cancellation);
        var (code, _) = await TryRunAsync([.. asUser, "test", "-r", path], "/", cancellation);
        if (code != 0)
        {
            throw new UserMistakeException($"user {ServerUser}, who runs the private PostgreSQL because root may not, cannot reach {path}; name a folder whose parents are open to all, such as one under /tmp or /var/tmp");
        }
    }

    static async Task<(int Code, string Output)> TryRunAsync(string[] command, string workingDirectory, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = workingDirectory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start) ?? throw new EnvironmentFailedException($"{command[0]} did not start");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        try
        {
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // Whoever gives up takes away what the program made: only when it has ended is all of it there.
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        return (process.ExitCode, await output + await errors);
    }

    static string[] SwitchUser()
    {
        if (!File.ReadLines("/etc/passwd").Any(line => line.StartsWith(ServerUser + ":", StringComparison.Ordinal)))
        {
            throw new UserMistakeException($"PostgreSQL does not run as root, and there is no user {ServerUser} to run it; start as another user, or install the package that makes that user (apt-get install postgresql)");
        }

        return Program("setpriv") is { } setpriv ? [setpriv, "--reuid=" + ServerUser, "--regid=" + ServerUser, "--clear-groups"]
            : Program("runuser") is { } runuser ? [runuser, "-u", ServerUser, "--"]
            : throw new UserMistakeException("PostgreSQL does not run as root, and neither setpriv nor runuser is here to change the user; start as another user, or install util-linux");
    }

    static string? Program(string name) => SwitchFolders.Select(at => Path.Combine(at, name)).FirstOrDefault(File.Exists);
}
