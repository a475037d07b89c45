namespace StreamSettle.Connectors.Connect;

/// <summary>A connector and its tasks as <c>GET /connectors/NAME/status</c> tells them. It may be some seconds old: right after a worker died, and before a first record fails.</summary>
/// <param name="Worker">Host and port of the worker that has it.</param>
/// <param name="Trace">Why it failed, a Java stack trace; null for no reason.</param>
public sealed record ConnectorStatus(string Name, ConnectorState State, string Worker, string? Trace, IReadOnlyList<ConnectorTask> Tasks)
{
    /// <summary>Characters of a reason that a message quotes.</summary>
    const int QuotedReason = 600;

    /// <summary>It has a task, and it and all of them run.</summary>
    public bool Runs => State == ConnectorState.Running && Tasks.Count > 0 && Tasks.All(task => task.State == ConnectorState.Running);

    /// <summary>It or a task of its ended with an error.</summary>
    public bool HasFailed => State == ConnectorState.Failed || Tasks.Any(task => task.State == ConnectorState.Failed);

    /// <summary>Somebody wants it not to run.</summary>
    public bool IsPaused => State is ConnectorState.Paused or ConnectorState.Stopped;

    /// <summary>Why it does not run, in a line; null while it runs.</summary>
    public string? Problem
    {
        get
        {
            if (Runs)
            {
                return null;
            }

            if (State != ConnectorState.Running)
            {
                return $"is {Word(State)}{Because(Trace)}";
            }

            return Tasks.FirstOrDefault(task => task.State != ConnectorState.Running) is { } task
                ? $"runs, but its task {task.Id} is {Word(task.State)}{Because(task.Trace)}"
                : "runs, but has no task yet";
        }
    }

    /// <summary>As Connect writes it.</summary>
    public static string Word(ConnectorState state) => state.ToString().ToUpperInvariant();

    /// <summary>The first line of a trace and those of its causes, which say what the first only wraps.</summary>
    internal static string? Reason(string? trace)
    {
        if (string.IsNullOrWhiteSpace(trace))
        {
            return null;
        }

        const string cause = "Caused by: ";
        var lines = trace.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var told = lines.Take(1).Concat(lines.Where(line => line.StartsWith(cause, StringComparison.Ordinal)).Select(line => line[cause.Length..])).Distinct().Select(WithoutClass);
        var reason = string.Join("; because ", told);
        return reason.Length <= QuotedReason ? reason : reason[..QuotedReason] + "...";
    }

    static string Because(string? trace) => Reason(trace) is { } reason ? $": {reason}" : "";

    /// <summary><c>org.postgresql.util.PSQLException: ERROR: ...</c> without the packages.</summary>
    static string WithoutClass(string line)
    {
        var colon = line.IndexOf(": ", StringComparison.Ordinal);
        var name = colon < 0 ? line : line[..colon];
        return WithoutBrackets(name.Contains(' ', StringComparison.Ordinal) ? line : line[(name.LastIndexOf('.') + 1)..]);
    }

    /// <summary>Objects that Java has written out, many lines long, stand before what is wrong with them.</summary>
    static string WithoutBrackets(string line)
    {
        var (left, depth) = (new System.Text.StringBuilder(line.Length), 0);
        foreach (var c in line)
        {
            depth -= c == ']' && depth > 0 ? 1 : 0;
            if (depth == 0)
            {
                left.Append(c);
            }

            depth += c == '[' ? 1 : 0;
        }

        return left.ToString().Replace("[]", "[...]", StringComparison.Ordinal);
    }
}

/// <summary>One task of a connector.</summary>
/// <inheritdoc cref="ConnectorStatus" path="/param"/>
public sealed record ConnectorTask(int Id, ConnectorState State, string Worker, string? Trace);
