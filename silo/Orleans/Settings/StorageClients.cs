using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using StackExchange.Redis;

namespace TrustMesh.Orleans.Settings;

/// <summary>Clients of the storages as we want them: short deadlines, no write is ever sent twice, certificates are verified.</summary>
internal static class StorageClients
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public static ConfigurationOptions Redis(StorageAddress address) => new()
    {
        EndPoints = { { address.Host, address.Port } },
        Password = address.Secret,
        Ssl = address.Tls,
        SslHost = address.Tls ? address.Host : null,
        SslClientAuthenticationOptions = address.Tls ? host => Tls(host, address.Authorities) : null,
        ClientName = "trustmesh-silo",
        // A Redis that is away is waited for; who asks meanwhile is told after the deadline.
        AbortOnConnectFail = false,
        ConnectTimeout = (int)Deadline.TotalMilliseconds,
        SyncTimeout = (int)Deadline.TotalMilliseconds,
        AsyncTimeout = (int)Deadline.TotalMilliseconds,
        ConnectRetry = 1,
        KeepAlive = 10,
        ReconnectRetryPolicy = new ExponentialRetry(250, 3000),
        IncludeDetailInExceptions = false,
    };

    public static BlobServiceClient Blob(StorageAddress address)
    {
        var options = new BlobClientOptions
        {
            Transport = new HttpClientTransport(new HttpClient(new SocketsHttpHandler
            {
                ConnectTimeout = Deadline,
                PooledConnectionLifetime = TimeSpan.FromMinutes(10),
                AllowAutoRedirect = false,
                UseProxy = false,
                SslOptions = Tls(address.Host, address.Authorities),
            })),
            // Whoever writes decides again when the answer was lost: a write that was sent twice would be refused by its own first copy.
            Retry = { MaxRetries = 0, NetworkTimeout = Deadline },
            Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false, IsTelemetryEnabled = false },
        };
        options.AddPolicy(new ContainerPatience(), HttpPipelinePosition.PerCall);
        var place = new UriBuilder(address.Tls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, address.Host, address.Port, address.PathStyle ? address.Account : "").Uri;
        return new(place, new StorageSharedKeyCredential(address.Account, address.Secret), options);
    }

    private static SslClientAuthenticationOptions Tls(string host, X509Certificate2Collection? authorities)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (authorities is null) return options;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(authorities);
        options.CertificateChainPolicy = policy;
        return options;
    }
}
