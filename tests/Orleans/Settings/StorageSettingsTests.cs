using TrustMesh.Orleans.Settings;

namespace TrustMesh.Tests.Orleans.Settings;

public sealed class StorageSettingsTests : IDisposable
{
    private const string Key = "c2VjcmV0LWtleS1vZi1hbi1hY2NvdW50", Redis = "redis://127.0.0.1:6379";
    private readonly string folder = Directory.CreateTempSubdirectory("trustmesh-settings-").FullName;

    [Theory]
    [InlineData("redis://127.0.0.1", null, "redis://127.0.0.1:6379")]
    [InlineData("redis://redis.lan:7000/", "word", "redis://redis.lan:7000")]
    [InlineData("rediss://redis.lan", "word", "rediss://redis.lan:6379")]
    [InlineData("azure-blob://mesh.blob.core.windows.net/rows", Key, "azure-blob://mesh.blob.core.windows.net:443/rows")]
    [InlineData("azure-blob://mesh.blob.core.windows.net/rows", "DefaultEndpointsProtocol=https;AccountName=mesh;AccountKey=" + Key + ";EndpointSuffix=core.windows.net", "azure-blob://mesh.blob.core.windows.net:443/rows")]
    [InlineData("azure-blob://gateway.lan:8443/mesh/rows", Key, "azure-blob://gateway.lan:8443/mesh/rows")]
    [InlineData("azure-blob+http://127.0.0.1:10000/devstoreaccount1/rows", Key, "azure-blob+http://127.0.0.1:10000/devstoreaccount1/rows")]
    public void Addresses_of_storages_are_read(string storage, string? secret, string shown)
    {
        var (settings, errors) = Read(("Cluster", Redis), ("Storage", storage), ("StorageSecret", secret));
        Assert.Empty(errors);
        Assert.Equal(shown, settings!.Storage.ToString());
        Assert.Equal(secret?.Contains("AccountKey", StringComparison.Ordinal) == true ? Key : secret, settings.Storage.Secret);
    }

    [Fact]
    public void Without_a_cluster_there_is_nothing_to_read()
    {
        var (settings, errors) = Read();
        Assert.Null(settings);
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("mysql://somewhere/x", Key, "azure-blob+http:// (this machine only)")]
    [InlineData("somewhere", Key, "Give redis://host:port")]
    [InlineData("redis://somewhere:6379/3", "word", "take it out")]
    [InlineData("redis://somewhere:6379?ssl=true", "word", "take it out")]
    [InlineData("redis://somewhere:6379", null, "requirepass")]
    [InlineData("azure-blob+http://somewhere/account/rows", Key, "without TLS")]
    [InlineData("azure-blob://mesh.blob.core.windows.net", Key, "must end in the container's name")]
    [InlineData("azure-blob://mesh.blob.core.windows.net/Rows_", Key, "3 to 63 of a-z")]
    [InlineData("azure-blob://mesh.blob.core.windows.net/rows", null, "--storage-secret-file")]
    [InlineData("azure-blob://mesh.blob.core.windows.net/rows", "no key!", "base64")]
    [InlineData("azure-blob://mesh.blob.core.windows.net/rows", "AccountName=other;AccountKey=" + Key, "another account")]
    [InlineData("redis://somewhere:6379", "two\nlines", "one line")]
    public void A_mistake_is_told_with_its_remedy(string storage, string? secret, string remedy)
    {
        var (settings, errors) = Read(("Cluster", Redis), ("Storage", storage), ("StorageSecret", secret));
        Assert.Null(settings);
        Assert.Contains(remedy, Assert.Single(errors), StringComparison.Ordinal);
        if (secret is not null) Assert.DoesNotContain(secret, errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        var (_, errors) = Read(("Cluster", "azure-blob://mesh.blob.core.windows.net/Rows"), ("ClusterCa", "/does/not/exist"), ("Storage", "redis://somewhere"), ("StorageCa", "/does/not/exist"));
        Assert.Equal(7, errors.Count);
        Assert.Contains("belong together", Assert.Single(Read(("Cluster", Redis)).Errors), StringComparison.Ordinal);
        Assert.Contains("belong together", Assert.Single(Read(("Storage", Redis)).Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redis://:hunter2@somewhere:6379")]
    [InlineData("rediss://user:hunter2@somewhere:6379")]
    [InlineData("azure-blob://hunter2@mesh.blob.core.windows.net/rows")]
    [InlineData("azure-blob://mesh.blob.core.windows.net/rows?sig=hunter2")]
    [InlineData("redis://somewhere:6379#hunter2")]
    public void A47_A_secret_in_an_address_is_refused_and_not_repeated(string storage)
    {
        var (settings, errors) = Read(("Cluster", Redis), ("Storage", storage), ("StorageSecret", Key));
        Assert.Null(settings);
        Assert.DoesNotContain("hunter2", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Contains("out", errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A47_A_secret_comes_from_a_file_that_is_its_owners_alone()
    {
        var file = Path.Combine(folder, "secret");
        File.WriteAllText(file, "hunter2\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var (settings, errors) = Read(("Cluster", Redis), ("Storage", "redis://somewhere"), ("StorageSecretFile", file));
        Assert.Empty(errors);
        Assert.Equal("hunter2", settings!.Storage.Secret);
        Assert.DoesNotContain("hunter2", settings.ToString(), StringComparison.Ordinal);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Single(Read(("Cluster", Redis), ("Storage", "redis://somewhere"), ("StorageSecretFile", file)).Errors), StringComparison.Ordinal);
        Assert.Contains("no file", Assert.Single(Read(("Cluster", Redis), ("Storage", "redis://somewhere"), ("StorageSecretFile", file + "x")).Errors), StringComparison.Ordinal);
        Assert.Contains("give one", Assert.Single(Read(("Cluster", Redis), ("Storage", "redis://somewhere"), ("StorageSecretFile", file), ("StorageSecret", "x")).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Authorities_need_TLS_and_a_certificate()
    {
        var file = Path.Combine(folder, "ca.pem");
        File.WriteAllText(file, "nothing");
        Assert.Contains("no certificate", Assert.Single(Read(("Cluster", Redis), ("Storage", "rediss://127.0.0.1"), ("StorageCa", file)).Errors), StringComparison.Ordinal);
        File.Copy(new Parts.ServerCertificate(folder).Authority, file, overwrite: true);
        Assert.Single(Read(("Cluster", Redis), ("Storage", "rediss://127.0.0.1"), ("StorageCa", file)).Settings!.Storage.Authorities!);
        Assert.Contains("use rediss://", Assert.Single(Read(("Cluster", Redis), ("Storage", "redis://127.0.0.1"), ("StorageCa", file)).Errors), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static (StorageSettings? Settings, List<string> Errors) Read(params (string Key, string? Value)[] values)
    {
        var errors = new List<string>();
        return (StorageSettings.Read(key => values.FirstOrDefault(one => one.Key == key).Value, errors), errors);
    }
}
