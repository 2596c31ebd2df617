using Orleans.Runtime;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;

namespace TrustMesh.Orleans.Serialization;

/// <summary>
/// Every type of ours that the grains' methods take or give, with all they are made of. No other is made from what a silo sends: a name in a message
/// would otherwise call the constructor of any class there is (attacks A42, A46).
/// </summary>
internal static class MessageTypes
{
    private const string Ours = "TrustMesh.";

    /// <summary>They cross as text or as the bytes they are stored as (see <see cref="MeshSerialization.Options"/>).</summary>
    private static readonly Type[] OwnForm = [typeof(TwinState), typeof(Wire.DeviceId), typeof(Verdict), typeof(AttesterState)];

    /// <summary>Interfaces of grains, by name.</summary>
    public static IReadOnlyList<Type> Interfaces { get; } =
        [.. typeof(MessageTypes).Assembly.GetTypes().Where(type => type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)).OrderBy(type => type.Name, StringComparer.Ordinal)];

    public static IReadOnlySet<Type> All { get; } = Closure();

    /// <summary>What a grain can be asked, in the order of its interfaces.</summary>
    public static IEnumerable<System.Reflection.MethodInfo> MethodsOf(Type grain)
        => new[] { grain }.Concat(grain.GetInterfaces().Where(IsOfUs)).SelectMany(type => type.GetMethods());

    /// <summary>What of a message is read by whoever gets it: what its constructor takes or an initializer sets. Nothing of a type with a form of its own.</summary>
    public static IEnumerable<System.Reflection.PropertyInfo> MembersOf(Type type)
    {
        if (type == typeof(VerifiedEvidence)) type = typeof(HandedEvidence);
        if (type.IsEnum || OwnForm.Contains(type)) return [];
        var taken = type.GetConstructors().SelectMany(made => made.GetParameters()).Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return type.GetProperties().Where(property => property.GetIndexParameters().Length == 0 && !property.GetMethod!.IsStatic && (taken.Contains(property.Name) || property.SetMethod is { IsPublic: true }));
    }

    private static HashSet<Type> Closure()
    {
        var found = new HashSet<Type>();
        foreach (var method in Interfaces.SelectMany(MethodsOf))
            foreach (var type in method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)) Add(type);
        return found;

        void Add(Type type)
        {
            if (type.GetElementType() is { } element) Add(element);
            foreach (var argument in type.GenericTypeArguments) Add(argument);
            if (type.IsArray || type.IsGenericType || !IsOfUs(type) || !found.Add(type)) return;
            foreach (var member in MembersOf(type)) Add(member.PropertyType);
        }
    }

    private static bool IsOfUs(Type type) => type.Namespace is { } name && name.StartsWith(Ours, StringComparison.Ordinal);
}
