namespace TrustMesh.Orleans.Settings;

/// <summary>What a silo of a cluster needs from outside.</summary>
/// <param name="Cluster">Redis, where the silos find each other.</param>
/// <param name="Storage">Where every row is kept: Redis or Azure Blob.</param>
public sealed record StorageSettings(StorageAddress Cluster, StorageAddress Storage)
{
    /// <summary>Reads and checks <c>Cluster</c>, <c>ClusterSecret</c>, <c>ClusterSecretFile</c>, <c>ClusterCa</c> and the same four of <c>Storage</c>.</summary>
    /// <param name="value">The setting of this name, or null.</param>
    /// <param name="errors">Gets every mistake, as a sentence with its remedy and without any secret.</param>
    /// <returns>Null if neither is set, or after mistakes.</returns>
    public static StorageSettings? Read(Func<string, string?> value, List<string> errors)
    {
        var mistakes = errors.Count;
        var cluster = new StorageSettingsReader(value, "Cluster", "--cluster", errors).Read();
        var storage = new StorageSettingsReader(value, "Storage", "--storage", errors).Read();
        if (value("Cluster") is null != (value("Storage") is null))
            errors.Add("--cluster and --storage belong together: one is where the silos find each other, the other where they keep everything. Give both or none; --storage may name the same Redis.");
        if (cluster is { Kind: not StorageKind.Redis }) errors.Add("--cluster must be a Redis: redis://host:port or, with TLS, rediss://host:port.");
        return errors.Count == mistakes && cluster is not null && storage is not null ? new(cluster, storage) : null;
    }
}
