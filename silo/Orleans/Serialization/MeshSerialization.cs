using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;

namespace TrustMesh.Orleans.Serialization;

/// <summary>What silos say to each other: JSON for the types of our namespaces and for no others. Names are part of the protocol between versions.</summary>
internal static class MeshSerialization
{
    private const string Ours = "TrustMesh.";

    /// <summary>An added member is passed over by the silo that does not know it yet, so that silos can be upgraded one at a time.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        Converters =
        {
            new DeviceIdJson(), new TwinStateJson(), new VerifiedEvidenceJson(),
            new BytesJson<Verdict>(TwinStateCodec.EncodeVerdict, TwinStateCodec.DecodeVerdict), new BytesJson<AttesterState>(TwinStateCodec.EncodeAttester, TwinStateCodec.DecodeAttester),
        },
    };

    public static IServiceCollection AddMeshSerialization(this IServiceCollection services)
    {
        services.AddSerializer(serializer =>
        {
            serializer.AddJsonSerializer(IsOurs, null, options => options.Configure(json => json.SerializerOptions = Options));
            serializer.Services.AddSingleton<IGeneralizedCopier, ImmutableCopier>();
        });
        services.Configure<ExceptionSerializationOptions>(options => options.SupportedNamespacePrefixes.Add(Ours));
        return services;
    }

    internal static bool IsOurs(Type type) => type.Namespace is { } name && name.StartsWith(Ours, StringComparison.Ordinal) && !typeof(Exception).IsAssignableFrom(type);

    /// <summary>Our messages never change once made, so within one silo they are handed over as they are.</summary>
    private sealed class ImmutableCopier : IGeneralizedCopier
    {
        public bool IsSupportedType(Type type) => IsOurs(type);

        public object? DeepCopy(object? input, CopyContext context) => input;
    }
}
