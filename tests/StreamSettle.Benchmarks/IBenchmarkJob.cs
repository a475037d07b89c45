namespace StreamSettle.Benchmarks;

/// <summary>A measurement that can be asked for by name.</summary>
interface IBenchmarkJob
{
    string Name { get; }

    /// <summary>Warms up, measures, checks its own result and throws where that is wrong.</summary>
    /// <param name="options">By name without the dashes.</param>
    /// <returns>One JSON object on one line.</returns>
    string Run(IReadOnlyDictionary<string, string> options);
}
