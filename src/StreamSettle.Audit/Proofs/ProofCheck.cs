using StreamSettle.Audit.Notaries;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Audit.Proofs;

/// <summary>Checks a <see cref="ProofFile"/> by nothing but itself and public keys.</summary>
public static class ProofCheck
{
    /// <summary>What does not hold, the first; null when all does.</summary>
    /// <exception cref="UserMistakeException">The file has something that is no seal.</exception>
    public static string? Problem(ProofFile file, IReadOnlyCollection<SealKey> known)
    {
        var seal = SignedSeal.Read(file.Seal, "the file's seal");
        return SealKey.Problem(seal.Seal, seal.Signature.Span, known) ?? (file.Format == ProofFile.OfOrder ? OfOrder(file, seal.Seal) : OfSeals(file, seal.Seal, known));
    }

    static string? OfOrder(ProofFile file, Seal seal)
    {
        var version = 0L;
        foreach (var one in file.Events!)
        {
            var path = one.Path.Select(TreeHash.Parse).OfType<TreeHash>().ToList();
            var problem = one.Row.StreamId != file.Order ? $"it is of order {one.Row.StreamId}, and not of {file.Order}"
                : one.Row.Version != ++version ? $"it has version {one.Row.Version}, but {version} is next: one of the order is left out, or stands twice"
                : one.Row.Leaf() is not { } leaf ? $"'{one.Row.Timestamp}' is no time stamp"
                : path.Count != one.Path.Count || !MerkleProofs.Includes(seal.Head, seal.Events, one.Place, leaf, path) ? $"it was not in the event log at place {one.Place} when seal {seal.Number} was made, not as it stands here"
                : null;
            if (problem is not null)
            {
                return $"event {one.Row.Sequence} (version {one.Row.Version}, {one.Row.Type}): {problem}";
            }
        }

        return version == 0 ? $"order {file.Order}: there is no event" : OfNotarisations(file, seal);
    }

    /// <summary>Whether they are of what is in the file; what notaries gave is checked by whom one trusts (<see cref="IEvidenceCheck"/>).</summary>
    static string? OfNotarisations(ProofFile file, Seal seal)
    {
        foreach (var one in file.Notarisations ?? [])
        {
            var problem = Notarisation.Read(one.Statement) is not { } read ? "a notarisation is not as it was written"
                : read.Log != seal.Log ? $"notarisation {read.Number} is of the log {read.Log}, and not of {seal.Log}"
                : read.Kind == NotarisedKind.Seal && (read.Subject != seal.Number || read.Hash != seal.Hash) ? $"notarisation {read.Number} is of another seal than the file's"
                : read.Kind == NotarisedKind.Event && file.Events!.FirstOrDefault(each => each.Row.Sequence == read.Subject)?.Row.Leaf() != read.Hash ? $"notarisation {read.Number} is of another event than the file's"
                : null;
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    static string? OfSeals(ProofFile file, Seal newer, IReadOnlyCollection<SealKey> known)
    {
        var older = SignedSeal.Read(file.Older!, "the file's older seal");
        var path = file.Path!.Select(TreeHash.Parse).OfType<TreeHash>().ToList();
        return SealKey.Problem(older.Seal, older.Signature.Span, known)
            ?? (older.Seal.Log != newer.Log ? $"seal {older.Seal.Number} is of the log {older.Seal.Log}, seal {newer.Number} of {newer.Log}" : null)
            ?? (path.Count == file.Path!.Count && MerkleProofs.Extends(older.Seal.Head, older.Seal.Events, newer.Head, newer.Events, path) ? null
                : $"the {older.Seal.Events} events of seal {older.Seal.Number} are not the first ones of the {newer.Events} of seal {newer.Number}: some were altered in between");
    }
}
