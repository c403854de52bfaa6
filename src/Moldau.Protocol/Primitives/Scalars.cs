namespace Moldau.Protocol;

// Named scalars: an epoch cannot be passed where an offset belongs. They convert to their number freely and from it only on request.

/// <summary>A record's position in its partition, counted from 0.</summary>
public readonly record struct Offset(long Value) : IComparable<Offset>
{
    /// <summary>The first offset of a new partition.</summary>
    public static readonly Offset Zero = new(0);

    /// <summary>Unknown or not given: -1 on the wire.</summary>
    public static readonly Offset None = new(-1);

    public static implicit operator long(Offset offset) => offset.Value;
    public static explicit operator Offset(long value) => new(value);
    public int CompareTo(Offset other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString();
}

/// <summary>The term of a partition's leader; rises with every change of leader. -1: unknown.</summary>
public readonly record struct LeaderEpoch(int Value) : IComparable<LeaderEpoch>
{
    /// <summary>Unknown or not given: -1 on the wire.</summary>
    public static readonly LeaderEpoch None = new(-1);

    public static implicit operator int(LeaderEpoch epoch) => epoch.Value;
    public static explicit operator LeaderEpoch(int value) => new(value);
    public int CompareTo(LeaderEpoch other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString();
}

/// <summary>A node's id (<c>node.id</c>), unique in the cluster over brokers and controllers. -1: none.</summary>
public readonly record struct BrokerId(int Value) : IComparable<BrokerId>
{
    /// <summary>No node: -1 on the wire.</summary>
    public static readonly BrokerId None = new(-1);

    public static implicit operator int(BrokerId id) => id.Value;
    public static explicit operator BrokerId(int value) => new(value);
    public int CompareTo(BrokerId other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString();
}

/// <summary>The id of an idempotent or transactional producer, handed out in blocks by the controller. -1: none.</summary>
public readonly record struct ProducerId(long Value) : IComparable<ProducerId>
{
    /// <summary>A batch without idempotence: -1 on the wire.</summary>
    public static readonly ProducerId None = new(-1);

    public static implicit operator long(ProducerId id) => id.Value;
    public static explicit operator ProducerId(long value) => new(value);
    public int CompareTo(ProducerId other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString();
}

/// <summary>A topic's name and a partition's number in it.</summary>
public readonly record struct TopicPartition(string Topic, int Partition)
{
    /// <summary><c>topic-partition</c>, the name of its log directory.</summary>
    public override string ToString() => $"{Topic}-{Partition}";
}
