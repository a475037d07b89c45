using Confluent.Kafka;
using Confluent.Kafka.Admin;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Streams.Streamiz.Clients;

/// <summary>An admin client that can do nothing: what Streamiz does not use of it.</summary>
abstract class NoAdmin : IAdminClient
{
    public virtual Handle Handle => throw Unused();

    public virtual string Name => throw Unused();

    public virtual List<GroupInfo> ListGroups(TimeSpan timeout) => throw Unused();

    public virtual GroupInfo ListGroup(string group, TimeSpan timeout) => throw Unused();

    public virtual Metadata GetMetadata(string topic, TimeSpan timeout) => throw Unused();

    public virtual Metadata GetMetadata(TimeSpan timeout) => throw Unused();

    public virtual Task CreatePartitionsAsync(IEnumerable<PartitionsSpecification> partitionsSpecifications, CreatePartitionsOptions? options = null) => throw Unused();

    public virtual Task DeleteGroupsAsync(IList<string> groups, DeleteGroupsOptions? options = null) => throw Unused();

    public virtual Task DeleteTopicsAsync(IEnumerable<string> topics, DeleteTopicsOptions? options = null) => throw Unused();

    public virtual Task CreateTopicsAsync(IEnumerable<TopicSpecification> topics, CreateTopicsOptions? options = null) => throw Unused();

    public virtual Task AlterConfigsAsync(Dictionary<ConfigResource, List<ConfigEntry>> configs, AlterConfigsOptions? options = null) => throw Unused();

    public virtual Task<List<IncrementalAlterConfigsResult>> IncrementalAlterConfigsAsync(Dictionary<ConfigResource, List<ConfigEntry>> configs, IncrementalAlterConfigsOptions? options = null) => throw Unused();

    public virtual Task<List<DescribeConfigsResult>> DescribeConfigsAsync(IEnumerable<ConfigResource> resources, DescribeConfigsOptions? options = null) => throw Unused();

    public virtual Task<List<DeleteRecordsResult>> DeleteRecordsAsync(IEnumerable<TopicPartitionOffset> topicPartitionOffsets, DeleteRecordsOptions? options = null) => throw Unused();

    public virtual Task CreateAclsAsync(IEnumerable<AclBinding> aclBindings, CreateAclsOptions? options = null) => throw Unused();

    public virtual Task<DescribeAclsResult> DescribeAclsAsync(AclBindingFilter aclBindingFilter, DescribeAclsOptions? options = null) => throw Unused();

    public virtual Task<List<DeleteAclsResult>> DeleteAclsAsync(IEnumerable<AclBindingFilter> aclBindingFilters, DeleteAclsOptions? options = null) => throw Unused();

    public virtual Task<DeleteConsumerGroupOffsetsResult> DeleteConsumerGroupOffsetsAsync(string group, IEnumerable<TopicPartition> partitions, DeleteConsumerGroupOffsetsOptions? options = null) => throw Unused();

    public virtual Task<List<AlterConsumerGroupOffsetsResult>> AlterConsumerGroupOffsetsAsync(IEnumerable<ConsumerGroupTopicPartitionOffsets> groupPartitions, AlterConsumerGroupOffsetsOptions? options = null) => throw Unused();

    public virtual Task<List<ListConsumerGroupOffsetsResult>> ListConsumerGroupOffsetsAsync(IEnumerable<ConsumerGroupTopicPartitions> groupPartitions, ListConsumerGroupOffsetsOptions? options = null) => throw Unused();

    public virtual Task<ListConsumerGroupsResult> ListConsumerGroupsAsync(ListConsumerGroupsOptions? options = null) => throw Unused();

    public virtual Task<DescribeConsumerGroupsResult> DescribeConsumerGroupsAsync(IEnumerable<string> groups, DescribeConsumerGroupsOptions? options = null) => throw Unused();

    public virtual Task<DescribeUserScramCredentialsResult> DescribeUserScramCredentialsAsync(IEnumerable<string> users, DescribeUserScramCredentialsOptions? options = null) => throw Unused();

    public virtual Task AlterUserScramCredentialsAsync(IEnumerable<UserScramCredentialAlteration> alterations, AlterUserScramCredentialsOptions? options = null) => throw Unused();

    public virtual int AddBrokers(string brokers) => throw Unused();

    public virtual void SetSaslCredentials(string username, string password) => throw Unused();

    public virtual void Dispose() => throw Unused();

    static BrokenInvariantException Unused([System.Runtime.CompilerServices.CallerMemberName] string member = "") =>
        new($"Streamiz calls '{member}' of a client, which the version that this was written for does not");
}
