using StreamSettle.Audit.Proofs;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Notaries;

/// <summary>Somebody outside who testifies that a digest was there at a time. Keeps nothing: what was done so far comes with each question, and whoever asks keeps what is answered before asking again.</summary>
public interface INotary : IDisposable
{
    /// <summary>As it is kept, and written into statements.</summary>
    string Name { get; }

    /// <summary>Does at most one thing that has an effect.</summary>
    /// <param name="steps">All that were kept of this digest, in their order; the last is not <see cref="NotaryStepKind.Notarised"/>.</param>
    /// <exception cref="EnvironmentFailedException">The notary is not reached, or does not do what it should now.</exception>
    /// <exception cref="UserMistakeException">Its answer is not to be trusted, or it is another than was configured.</exception>
    Task<NotaryMove> NextAsync(TreeHash digest, IReadOnlyList<NotaryStep> steps, CancellationToken stop);

    /// <summary>Looks whether it is reached and is who it should be, without any effect.</summary>
    /// <returns>What was found, in a line.</returns>
    /// <inheritdoc cref="NextAsync"/>
    Task<string> LookAsync(CancellationToken stop);
}
