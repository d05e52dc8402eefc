# Ruby takes a host whose address is a loopback one for this machine, and leaves the proxy out. Under
# `mockdouyin run` Douyin's names have such addresses, and the proxy is the way in all the same.
require 'uri'

module MockdouyinProxy
  HOSTS = [] # hosts

  def find_proxy(env = ENV)
    return super unless HOSTS.include?(hostname.to_s.downcase.chomp('.'))

    name = "#{scheme.downcase}_proxy"
    proxy = env[name] || env[name.upcase]
    proxy.nil? || proxy.empty? ? nil : URI.parse(proxy)
  end
end

URI::Generic.prepend(MockdouyinProxy)
