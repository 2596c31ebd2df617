namespace TrustMesh.Orleans.Settings;

/// <summary>What speaks at the other end.</summary>
public enum StorageKind
{
    Redis,
    AzureBlob,
}
