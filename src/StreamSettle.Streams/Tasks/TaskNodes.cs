using StreamSettle.Streams.Topologies;

namespace StreamSettle.Streams.Tasks;

/// <summary>The nodes of one task, wired.</summary>
sealed class TaskNodes
{
    readonly StreamTask task;
    readonly Dictionary<SourceSpec, SourceNode> sources = [];
    readonly Dictionary<string, object> inputs = [];
    readonly List<(ProcessorSpec Spec, ProcessorNode Node)> processors = [];
    readonly List<ProcessorNode> initialized = [];

    public TaskNodes(StreamTask task, TaskPlan plan)
    {
        this.task = task;
        foreach (var spec in ParentsFirst(plan.Nodes))
        {
            switch (spec)
            {
                case SourceSpec source:
                    sources.Add(source, source.Open(task));
                    break;
                case ProcessorSpec processor:
                    var node = processor.Open(task);
                    processors.Add((processor, node));
                    inputs.Add(processor.Name, node.Input);
                    break;
                case SinkSpec sink:
                    inputs.Add(sink.Name, sink.Open(task).Input);
                    break;
            }
        }
    }

    public SourceNode Source(SourceSpec spec) => sources[spec];

    public object InputOf(string node) => inputs[node];

    public void Init()
    {
        foreach (var source in sources.Values)
        {
            source.Connect();
        }

        foreach (var (spec, node) in processors)
        {
            node.Init(new TaskContext(task, spec));
            initialized.Add(node);
        }
    }

    public void BeforeCommit()
    {
        foreach (var (_, node) in processors)
        {
            node.BeforeCommit();
        }
    }

    public void AfterCommit()
    {
        foreach (var (_, node) in processors)
        {
            node.AfterCommit();
        }
    }

    /// <summary>Closes what was initialized: others have nothing to close.</summary>
    public void Close(FirstFailure failure)
    {
        foreach (var node in initialized)
        {
            failure.Run(node.Close);
        }
    }

    static List<NodeSpec> ParentsFirst(NodeSpec[] specs)
    {
        var sorted = new List<NodeSpec>();
        var seen = new HashSet<NodeSpec>();
        var byName = specs.ToDictionary(spec => spec.Name);
        void Visit(NodeSpec spec)
        {
            if (seen.Add(spec))
            {
                foreach (var parent in spec.Parents)
                {
                    Visit(byName[parent]);
                }

                sorted.Add(spec);
            }
        }

        Array.ForEach(specs, Visit);
        return sorted;
    }
}
