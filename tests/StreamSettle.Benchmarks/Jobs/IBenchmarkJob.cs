namespace StreamSettle.Benchmarks.Jobs;

/// <summary>A benchmark that <c>dotnet run -- NAME</c> runs.</summary>
public interface IBenchmarkJob
{
    /// <summary>As typed on the command line.</summary>
    string Name { get; }

    /// <summary>Runs, checks its own result, and returns one JSON object; throws when the result is wrong.</summary>
    /// <param name="options">Without the leading dashes: <c>events</c> -> <c>400000</c>.</param>
    string Run(IReadOnlyDictionary<string, string> options);
}
