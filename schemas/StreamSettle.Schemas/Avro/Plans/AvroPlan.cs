using StreamSettle.Schemas.Avro.Binary;
using StreamSettle.Schemas.Avro.Reading;

namespace StreamSettle.Schemas.Avro.Plans;

/// <summary>
/// How values of a writer's schema are read as a reader's, resolved once by the rules of the specification. Reading asks neither schema again and allocates nothing of
/// its own. Thread-safe: a plan does not change.
/// </summary>
public sealed class AvroPlan
{
    readonly PlanStep root;
    readonly AvroLimits limits;

    AvroPlan(AvroSchema writer, AvroSchema reader, PlanStep root, AvroLimits limits) => (Writer, Reader, this.root, this.limits) = (writer, reader, root, limits);

    public AvroSchema Writer { get; }

    public AvroSchema Reader { get; }

    /// <summary>A plan that reads whole values, each field under its position in the reader's record.</summary>
    /// <exception cref="AvroResolutionException">No value of the writer's schema could be read.</exception>
    public static AvroPlan Compile(AvroSchema writer, AvroSchema reader, AvroLimits? limits = null) => Compile(writer, reader, SlotScope.Whole(0), limits);

    /// <summary>A plan that reads the places that are bound, and passes over everything else.</summary>
    /// <param name="binding">In terms of the reader's schema; a place that this has not stays silent.</param>
    /// <exception cref="AvroResolutionException">No value of the writer's schema could be read.</exception>
    public static AvroPlan Compile(AvroSchema writer, AvroSchema reader, AvroBinding binding, AvroLimits? limits = null) => Compile(writer, reader, binding.Root, limits);

    /// <summary>Reads one value, which must be all of the bytes.</summary>
    /// <exception cref="AvroDataException">The bytes are not of the writer's schema.</exception>
    /// <exception cref="AvroResolutionException">The value has a branch or a symbol that the reader cannot take.</exception>
    public void Read<TSink>(ReadOnlySpan<byte> value, ref TSink sink)
        where TSink : IAvroSink, allows ref struct
    {
        var from = new AvroCursor(value, limits);
        PlanRunner.Run(root, ref from, ref sink);
        from.ExpectEnd();
    }

    static AvroPlan Compile(AvroSchema writer, AvroSchema reader, SlotScope scope, AvroLimits? limits)
    {
        var root = new PlanCompiler().Compile(writer, reader, scope);
        var problems = CertainProblems.Of(root);
        return problems.Count == 0 ? new(writer, reader, root, limits ?? AvroLimits.Default) : throw new AvroResolutionException(problems);
    }
}
