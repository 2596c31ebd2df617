using System.Reflection;
using System.Text;
using Orleans;
using TrustMesh.Orleans.Serialization;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;

namespace TrustMesh.Tests.Orleans.Contracts;

/// <summary>What silos of different versions have to agree on, one line each, as the assemblies have it.</summary>
internal static class ContractList
{
    private static readonly Assembly Cluster = typeof(MessageTypes).Assembly;

    public static IEnumerable<string> Lines()
    {
        foreach (var grain in MessageTypes.Interfaces)
        {
            yield return $"interface {grain.GetCustomAttribute<AliasAttribute>()?.Alias ?? "?"} = {grain.FullName}";
            foreach (var method in MessageTypes.MethodsOf(grain).OrderBy(method => method.Name, StringComparer.Ordinal))
                yield return $"interface {grain.Name}: {method.GetCustomAttribute<AliasAttribute>()?.Alias ?? "by its signature"} = {method.Name}({string.Join(", ", method.GetParameters().Select(parameter => Name(parameter.ParameterType)))}): {Name(method.ReturnType)}";
        }
        foreach (var grain in Cluster.GetTypes().Where(type => typeof(Grain).IsAssignableFrom(type)).OrderBy(type => type.Name, StringComparer.Ordinal))
            yield return $"grain {grain.GetCustomAttribute<GrainTypeAttribute>()?.GetGrainType(null!, null!).ToString() ?? "?"} = {grain.FullName}";
        foreach (var type in MessageTypes.All.OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            yield return $"type {type.FullName}, {type.Assembly.GetName().Name}{Form(type)}";
            if (type.IsEnum)
                foreach (var value in Enum.GetValues(type)) yield return $"type {type.Name}: {value} = {Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)}";
            foreach (var member in MessageTypes.MembersOf(type).OrderBy(member => member.Name, StringComparer.Ordinal)) yield return $"type {type.Name}: {member.Name}: {Name(member.PropertyType)}";
        }
    }

    private static string Form(Type type)
        => type == typeof(DeviceId) ? " (its text)"
        : type == typeof(TwinState) ? " (version and tm-twin/2, or with tags tm-twin/3, or with registers tm-twin/4)"
        : type == typeof(TrustMesh.Verifier.Verdict) || type == typeof(TrustMesh.Verifier.AttesterState) ? " (as in tm-twin/2)"
        : type == typeof(TrustMesh.Verifier.VerifiedEvidence) ? " (as HandedEvidence)" : "";

    private static string Name(Type type)
    {
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[]";
        if (Nullable.GetUnderlyingType(type) is { } value) return $"{Name(value)}?";
        if (!type.IsGenericType) return type.Name;
        return new StringBuilder(type.Name.Split('`')[0]).Append('<').AppendJoin(", ", type.GenericTypeArguments.Select(Name)).Append('>').ToString();
    }
}
